import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DeleteVolumeCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { forensicAliasArn } from "../../../landscape/evidence-arns";
import { launchTemplateName, sessionLogName } from "../../../landscape/forensic-names";
import { evidenceKeyAliasName, iamPath, roleName } from "../../../landscape/names";
import { publicImageParameters } from "../../../landscape/public-images";
import { evidenceKeyPolicy } from "../../../policies/evidence/keys";
import { caseId, type EmulatedOrganization } from "./organization";

const region = "eu-west-1";

/** What stacks of the forensics account make for analysts, and a volume that a case has preserved. */
export async function setForensicStage(organization: EmulatedOrganization): Promise<void> {
  const { landscape } = organization;
  const settings = organization.client(await organization.administrator("forensics"));
  await setKey(new KMSClient(settings), organization);
  await new CloudWatchLogsClient(settings).send(
    new CreateLogGroupCommand({ logGroupName: sessionLogName(landscape) }),
  );
  const iam = new IAMClient(settings);
  const profile = roleName(landscape, "forensic-analysis");
  await iam.send(
    new CreateInstanceProfileCommand({ InstanceProfileName: profile, Path: iamPath(landscape) }),
  );
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: profile, RoleName: profile }));
  await setTemplate(new EC2Client(settings), organization, profile);
}

async function setKey(kms: KMSClient, { landscape }: EmulatedOrganization): Promise<void> {
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ Policy: JSON.stringify(evidenceKeyPolicy(landscape, region)) }),
  );
  await kms.send(
    new CreateAliasCommand({ AliasName: evidenceKeyAliasName(landscape), TargetKeyId: KeyMetadata?.KeyId }),
  );
}

async function setTemplate(
  ec2: EC2Client,
  { landscape }: EmulatedOrganization,
  profile: string,
): Promise<void> {
  const key = forensicAliasArn(landscape, region, evidenceKeyAliasName(landscape));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.1.1.0/24" }));
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId, GroupName: "analyst", Description: "analyst" }),
  );
  const name = launchTemplateName(landscape, "forensic-linux-arm64");
  const kit = { Key: "ir:kit", Value: "true" };
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      TagSpecifications: [{ ResourceType: "launch-template", Tags: [kit] }],
      LaunchTemplateData: {
        ImageId: `resolve:ssm:${publicImageParameters["linux-arm64"]}`,
        InstanceType: "m7g.large",
        IamInstanceProfile: { Name: profile },
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnet?.SubnetId, Groups: [GroupId] }],
        BlockDeviceMappings: [
          { DeviceName: "/dev/xvda", Ebs: { Encrypted: true, KmsKeyId: key, DeleteOnTermination: true } },
        ],
        TagSpecifications: [{ ResourceType: "instance", Tags: [kit, { Key: "Name", Value: name }] }],
      },
    }),
  );
  const { VolumeId } = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: Subnet?.AvailabilityZone,
      Size: 8,
      Encrypted: true,
      KmsKeyId: key,
    }),
  );
  await ec2.send(
    new CreateSnapshotCommand({
      VolumeId,
      TagSpecifications: [
        {
          ResourceType: "snapshot",
          Tags: Object.entries({
            "ir:case": caseId,
            "ir:instance": "i-0123456789abcdef0",
            "ir:volume": "vol-0123456789abcdef0",
          }).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
    }),
  );
  await ec2.send(new DeleteVolumeCommand({ VolumeId }));
}
