import {
  AutoScalingClient,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  SetInstanceProtectionCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
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
import { putAccountPublicAccessBlock } from "./s3-control";
import { orNone, type Walkthrough } from "./walkthrough";

const where = { task: "contain", account: "payments-prod" } as const;

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

export const containWalkthroughs = [network, connections, credentialsOfMachine, load, openBucket, serving];
