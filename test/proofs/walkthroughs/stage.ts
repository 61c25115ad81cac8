import { readFileSync } from "node:fs";
import path from "node:path";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  CreateOrUpdateTagsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AssociateIamInstanceProfileCommand,
  CreateImageCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreateLoginProfileCommand,
  CreateRoleCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UploadSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
} from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Keys } from "../../local-aws/clients";
import { repository } from "../../support/repository";
import type { EmulatedOrganization } from "./organization";
import { caseId } from "./organization";
import type { Resources } from "./walkthrough";

const ofCase = { Key: "ir:case", Value: caseId };

/** A small workload under suspicion, set up by the account's administrator and tagged as triage would. */
export async function setStage(organization: EmulatedOrganization, keys: Keys): Promise<Resources> {
  const settings = organization.client(keys);
  const machine = await machines(new EC2Client(settings), settings);
  const identities = await workloadIdentities(new IAMClient(settings));
  await new EC2Client(settings).send(
    new AssociateIamInstanceProfileCommand({
      InstanceId: machine.instance,
      IamInstanceProfile: { Name: identities.roleProfile },
    }),
  );
  return {
    ...machine,
    ...identities,
    ...(await services(settings)),
  };
}

type Settings = ReturnType<EmulatedOrganization["client"]>;

async function machines(ec2: EC2Client, settings: Settings) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
  const group = async (GroupName: string) =>
    (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }))).GroupId ??
    "";
  const workloadGroup = await group("workload");
  const isolationGroup = await group("isolation-empty");
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnet?.SubnetId,
      SecurityGroupIds: [workloadGroup],
    }),
  );
  const machine = Instances?.[0];
  const instance = machine?.InstanceId ?? "";
  const { ImageId = "" } = await ec2.send(new CreateImageCommand({ InstanceId: instance, Name: "golden" }));
  const { AllocationId = "" } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: instance }));
  const { NetworkAcls } = await ec2.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
  );
  const found = {
    instance,
    volume: machine?.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? "",
    interface: machine?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "",
    workloadGroup,
    isolationGroup,
    acl: NetworkAcls?.[0]?.NetworkAclId ?? "",
    subnet: Subnet?.SubnetId ?? "",
    addressAllocation: AllocationId,
    goldenImage: ImageId,
  };
  const { instance: i, volume, interface: eni, acl } = found;
  await ec2.send(
    new CreateTagsCommand({ Resources: [i, volume, eni, workloadGroup, acl, AllocationId], Tags: [ofCase] }),
  );
  await ec2.send(
    new CreateTagsCommand({ Resources: [isolationGroup], Tags: [{ Key: "ir:isolation", Value: "empty" }] }),
  );
  await ec2.send(
    new CreateTagsCommand({ Resources: [ImageId], Tags: [{ Key: "golden-image", Value: "true" }] }),
  );
  return { ...found, ...(await behindLoad(settings, VpcId, found.subnet, instance)) };
}

async function behindLoad(settings: Settings, VpcId: string, subnet: string, instance: string) {
  const balancing = new ElasticLoadBalancingV2Client(settings);
  const { TargetGroups } = await balancing.send(
    new CreateTargetGroupCommand({
      Name: "payments",
      Protocol: "HTTP",
      Port: 80,
      VpcId,
      TargetType: "instance",
    }),
  );
  const targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? "";
  await balancing.send(new AddTagsCommand({ ResourceArns: [targetGroup], Tags: [ofCase] }));
  await balancing.send(
    new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
  );
  const scaling = new AutoScalingClient(settings);
  await scaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: "payments",
      ImageId: "ami-12c6146b",
      InstanceType: "t2.micro",
    }),
  );
  const autoScalingGroup = "payments";
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: autoScalingGroup,
      LaunchConfigurationName: "payments",
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      VPCZoneIdentifier: subnet,
    }),
  );
  await scaling.send(
    new CreateOrUpdateTagsCommand({
      Tags: [
        {
          ...ofCase,
          ResourceId: autoScalingGroup,
          ResourceType: "auto-scaling-group",
          PropagateAtLaunch: false,
        },
      ],
    }),
  );
  return { targetGroup, autoScalingGroup };
}

const trustOf = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" },
    ],
  });

const somePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

async function workloadIdentities(iam: IAMClient) {
  const [user, role, roleProfile] = ["ann", "payments", "payments"];
  await iam.send(new CreateUserCommand({ UserName: user }));
  await iam.send(new PutUserPolicyCommand({ UserName: user, PolicyName: "own", PolicyDocument: somePolicy }));
  await iam.send(new CreateLoginProfileCommand({ UserName: user, Password: "not-a-real-1-Password" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: user }));
  await otherCredentials(iam, user);
  await iam.send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: trustOf("ec2") }));
  await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: "own", PolicyDocument: somePolicy }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: roleProfile }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: roleProfile, RoleName: role }));
  await iam.send(
    new CreateRoleCommand({ RoleName: "payments-mail", AssumeRolePolicyDocument: trustOf("lambda") }),
  );
  await iam.send(
    new CreateRoleCommand({
      RoleName: "AWSBackupDefaultServiceRole",
      Path: "/service-role/",
      AssumeRolePolicyDocument: trustOf("backup"),
    }),
  );
  return { user, userKey: AccessKey?.AccessKeyId ?? "", role, roleProfile };
}

/** What opens something beside access keys and passwords. */
export async function otherCredentials(iam: IAMClient, UserName: string): Promise<void> {
  await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: "ssh-rsa AAAA" }));
  await iam.send(new UploadSigningCertificateCommand({ UserName, CertificateBody: signingCertificate() }));
  await iam.send(
    new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: "codecommit.amazonaws.com" }),
  );
}

const signingCertificate = (): string =>
  readFileSync(path.join(repository, "test", "fixtures", "signing-certificate.pem"), "utf8");

async function services(settings: Settings) {
  const account = settings.credentials.accessKeyId.toLowerCase().slice(-8);
  const bucket = `payments-website-${account}`;
  await new S3Client({ ...settings, forcePathStyle: true }).send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    }),
  );
  const iam = new IAMClient(settings);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: "payments-mail" }));
  const name = "payments-mail";
  await new LambdaClient(settings).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: Role?.Arn,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: Buffer.from("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "base64") },
      Tags: { "ir:case": caseId },
    }),
  );
  await new RDSClient(settings).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "payments",
      DBInstanceClass: "db.t3.micro",
      Engine: "postgres",
      AllocatedStorage: 20,
      MasterUsername: "owner",
      MasterUserPassword: "not-a-real-Password",
      Tags: [ofCase],
    }),
  );
  const { ARN } = await new SecretsManagerClient(settings).send(
    new CreateSecretCommand({ Name: "payments/api", SecretString: "not-a-secret" }),
  );
  await new SSMClient(settings).send(
    new CreateDocumentCommand({
      Name: "acme-ir-collect-memory",
      DocumentType: "Command",
      DocumentFormat: "JSON",
      Content: JSON.stringify({
        schemaVersion: "2.2",
        description: "collects memory",
        mainSteps: [{ action: "aws:runShellScript", name: "collect", inputs: { runCommand: ["true"] } }],
      }),
    }),
  );
  const logs = new CloudWatchLogsClient(settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/payments/api" }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: "/payments/api", logStreamName: "one" }));
  return { bucket, function: name, database: "payments", secret: ARN ?? "" };
}
