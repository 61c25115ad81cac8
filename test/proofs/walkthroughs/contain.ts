import {
  AutoScalingClient,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  SetInstanceProtectionCommand,
} from "@aws-sdk/client-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateNetworkAclEntryCommand,
  CreateTagsCommand,
  CreateVpcEndpointCommand,
  DeleteNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DisassociateAddressCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { tagFunctionArn } from "../../../landscape/arns";
import { caseTableName } from "../../../landscape/names";
import { isolationKinds } from "../../../landscape/tasks";
import { makeGroupOfCase, removeGroupsOfCase } from "../../../runtime/isolation/groups";
import { collectTargets } from "../../../runtime/isolation/targets";
import { systemClock } from "../../../runtime/shared/clock";
import { askForTags } from "../../../runtime/tags/invoke";
import { caseId } from "./organization";
import { putAccountPublicAccessBlock } from "./s3-control";
import { orNone, type Walkthrough } from "./walkthrough";

const where = { task: "contain", account: "payments-prod" } as const;

/** Where the machine is, nobody may write the tag: neither its administrator nor the responder's own role. */
const tagged: Walkthrough = {
  ...where,
  account: "security",
  title: "have a machine tagged with the case, by the function that may",
  steps: async (settings, { organization, resources }) => {
    const { landscape } = organization;
    const account = organization.idOf("payments-prod");
    const owner = new EC2Client(organization.client(await organization.administrator("payments-prod")));
    const ofCase = { Resources: [resources.instance], Tags: [{ Key: "ir:case", Value: caseId }] };
    await expectRefusal(owner.send(new CreateTagsCommand(ofCase)));
    const asked = {
      documents: DynamoDBDocumentClient.from(new DynamoDBClient(settings)),
      lambda: new LambdaClient(settings),
      table: caseTableName(landscape),
      functionName: tagFunctionArn(landscape),
    };
    const request = {
      account,
      region: "eu-west-1",
      resources: [resources.instance, resources.workloadGroup],
    };
    const result = await askForTags(asked, { case: caseId }, request);
    expect(result.resources.filter(({ outcome }) => outcome !== "tagged")).toEqual([]);
    expect(result.resources.map(({ resource }) => resource)).toContain(resources.volume);
    const { Tags } = await owner.send(
      new DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: [resources.workloadGroup] }] }),
    );
    expect(Tags).toContainEqual(expect.objectContaining({ Key: "ir:case", Value: caseId }));
    await expectRefusal(askForTags(asked, { case: "CASE-2" }, request));
    await expectRefusal(askForTags(asked, { case: caseId, remove: true }, request));
  },
};

async function expectRefusal(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({
    message: expect.stringContaining("is not authorized to perform"),
  });
}

const network: Walkthrough = {
  ...where,
  title: "isolate a machine's interface, and close the group that let the attacker in",
  steps: async (settings, { resources }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeInstancesCommand({ InstanceIds: [resources.instance] }));
    await ec2.send(new DescribeNetworkInterfacesCommand({}));
    await ec2.send(new DescribeSecurityGroupsCommand({}));
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: resources.interface,
        Groups: [resources.isolationGroup],
      }),
    );
    const rule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await orNone(
      ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId: resources.workloadGroup, IpPermissions: [rule] }),
      ),
    );
    await ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: resources.workloadGroup,
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
  },
};

const groupsOfTheCase: Walkthrough = {
  ...where,
  title: "make the groups of the case in the machine's VPC, put each on, and remove them",
  steps: async (settings, { organization, resources }) => {
    const owner = new EC2Client(organization.client(await organization.administrator("payments-prod")));
    const { Subnets } = await owner.send(new DescribeSubnetsCommand({ SubnetIds: [resources.subnet] }));
    const vpc = Subnets?.[0]?.VpcId ?? "";
    for (const service of ["ssm", "ssmmessages"]) {
      await owner.send(
        new CreateVpcEndpointCommand({
          VpcId: vpc,
          VpcEndpointType: "Interface",
          ServiceName: `com.amazonaws.eu-west-1.${service}`,
          SubnetIds: [resources.subnet],
        }),
      );
    }
    const ec2 = new EC2Client(settings);
    const targets = await collectTargets(ec2, { vpc, region: "eu-west-1" });
    const putOn = (group: string) =>
      ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: resources.interface,
          Groups: [group],
        }),
      );
    for (const kind of isolationKinds) {
      await putOn(await makeGroupOfCase(ec2, systemClock, { caseId, vpc, prefix: "acme-ir", kind, targets }));
    }
    await putOn(resources.isolationGroup);
    const { removed, kept } = await removeGroupsOfCase(ec2, caseId);
    if (removed.length !== isolationKinds.length) throw new Error(`kept ${JSON.stringify(kept)}`);
  },
};

const connections: Walkthrough = {
  ...where,
  title: "cut connections that stay open, and take the public address",
  steps: async (settings, { resources }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [resources.acl] }));
    const entry = { NetworkAclId: resources.acl, RuleNumber: 1, Egress: true };
    await ec2.send(
      new CreateNetworkAclEntryCommand({
        ...entry,
        Protocol: "-1",
        RuleAction: "deny",
        CidrBlock: "198.51.100.7/32",
      }),
    );
    await ec2.send(new DeleteNetworkAclEntryCommand(entry));
    const { Addresses } = await ec2.send(
      new DescribeAddressesCommand({ AllocationIds: [resources.addressAllocation] }),
    );
    await ec2.send(new DisassociateAddressCommand({ AssociationId: Addresses?.[0]?.AssociationId }));
  },
};

const credentialsOfMachine: Walkthrough = {
  ...where,
  title: "keep the machine as it is, and exchange its credentials for ones that may do nothing",
  steps: async (settings, { resources, account }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(
      new ModifyInstanceAttributeCommand({
        InstanceId: resources.instance,
        DisableApiTermination: { Value: true },
      }),
    );
    const { Reservations = [] } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [resources.instance] }),
    );
    const [disk] = Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
    await ec2.send(
      new ModifyInstanceAttributeCommand({
        InstanceId: resources.instance,
        BlockDeviceMappings: [{ DeviceName: disk?.DeviceName, Ebs: { DeleteOnTermination: false } }],
      }),
    );
    const { IamInstanceProfileAssociations } = await ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({
        Filters: [{ Name: "instance-id", Values: [resources.instance] }],
      }),
    );
    await ec2.send(
      new ReplaceIamInstanceProfileAssociationCommand({
        AssociationId: IamInstanceProfileAssociations?.[0]?.AssociationId,
        IamInstanceProfile: { Arn: `arn:aws:iam::${account}:instance-profile/acme-ir/acme-ir-quarantine` },
      }),
    );
  },
};

const load: Walkthrough = {
  ...where,
  title: "take the machine out of load balancing and Auto Scaling",
  steps: async (settings, { resources: { autoScalingGroup, instance, targetGroup } }) => {
    const balancing = new ElasticLoadBalancingV2Client(settings);
    await balancing.send(new DescribeTargetGroupsCommand({}));
    await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }));
    await balancing.send(
      new DeregisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
    );
    const scaling = new AutoScalingClient(settings);
    const { AutoScalingInstances } = await scaling.send(new DescribeAutoScalingInstancesCommand({}));
    const [first = "", second = ""] = (AutoScalingInstances ?? []).map(({ InstanceId }) => InstanceId ?? "");
    const group = { AutoScalingGroupName: autoScalingGroup };
    await scaling.send(
      new SetInstanceProtectionCommand({ ...group, InstanceIds: [first], ProtectedFromScaleIn: true }),
    );
    await scaling.send(
      new EnterStandbyCommand({ ...group, InstanceIds: [first], ShouldDecrementDesiredCapacity: true }),
    );
    await scaling.send(
      new DetachInstancesCommand({ ...group, InstanceIds: [second], ShouldDecrementDesiredCapacity: false }),
    );
  },
};

const everything = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const openBucket: Walkthrough = {
  ...where,
  title: "close a bucket that was opened to the world, and all of the account's",
  steps: async (settings, { resources: { bucket }, account }) => {
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    await orNone(s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket })));
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: everything }),
    );
    await putAccountPublicAccessBlock(settings, account);
  },
};

const serving: Walkthrough = {
  ...where,
  title: "stop a function that serves the attacker",
  steps: async (settings, { resources }) => {
    const lambda = new LambdaClient(settings);
    const FunctionName = resources.function;
    await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  },
};

export const containWalkthroughs = [
  tagged,
  network,
  groupsOfTheCase,
  connections,
  credentialsOfMachine,
  load,
  openBucket,
  serving,
];
