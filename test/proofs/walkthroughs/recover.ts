import {
  AttachInstancesCommand,
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  ExitStandbyCommand,
} from "@aws-sdk/client-auto-scaling";
import { BackupClient, ListBackupVaultsCommand, StartRestoreJobCommand } from "@aws-sdk/client-backup";
import {
  AssociateAddressCommand,
  DeleteNetworkAclEntryCommand,
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import type { Walkthrough } from "./walkthrough";

const where = { task: "recover", account: "payments-prod" } as const;

const goldenImage: Walkthrough = {
  ...where,
  title: "launch from a golden image, hardened and without a role",
  steps: async (settings, { resources }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
    await ec2.send(new DescribeSubnetsCommand({}));
    await ec2.send(new DescribeSecurityGroupsCommand({}));
    await ec2.send(
      new RunInstancesCommand({
        ImageId: resources.goldenImage,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: resources.subnet,
        SecurityGroupIds: [resources.workloadGroup],
        MetadataOptions: { HttpTokens: "required" },
      }),
    );
    await ec2.send(new DescribeInstancesCommand({}));
  },
};

const backup: Walkthrough = {
  ...where,
  title: "restore from a backup, as the role that AWS Backup has",
  steps: async (settings, { account }) => {
    const client = new BackupClient(settings);
    await client.send(new ListBackupVaultsCommand({}));
    await client
      .send(
        new StartRestoreJobCommand({
          RecoveryPointArn: `arn:aws:backup:eu-west-1:${account}:recovery-point:1`,
          IamRoleArn: `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`,
          Metadata: {},
        }),
      )
      .catch((error: Error) => {
        if (!/cannot answer|NotFound|not found/i.test(`${error.name} ${error.message}`)) throw error;
      });
  },
};

const service: Walkthrough = {
  ...where,
  title: "bring a machine back into service",
  steps: async (settings, { resources: { autoScalingGroup, instance, targetGroup, addressAllocation } }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeAddressesCommand({}));
    await ec2.send(
      new AssociateAddressCommand({
        AllocationId: addressAllocation,
        InstanceId: instance,
        AllowReassociation: true,
      }),
    );
    const balancing = new ElasticLoadBalancingV2Client(settings);
    await balancing.send(new DescribeTargetGroupsCommand({}));
    await balancing.send(
      new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: [{ Id: instance }] }),
    );
    await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }));
    const scaling = new AutoScalingClient(settings);
    const { AutoScalingGroups } = await scaling.send(new DescribeAutoScalingGroupsCommand({}));
    const standby = (AutoScalingGroups?.[0]?.Instances ?? [])
      .filter(({ LifecycleState }) => LifecycleState === "Standby")
      .map(({ InstanceId }) => InstanceId ?? "");
    const group = { AutoScalingGroupName: autoScalingGroup };
    await scaling.send(new ExitStandbyCommand({ ...group, InstanceIds: standby }));
    await scaling.send(new AttachInstancesCommand({ ...group, InstanceIds: [instance] }));
  },
};

const isolation: Walkthrough = {
  ...where,
  title: "release an interface and its network",
  steps: async (settings, { resources }) => {
    const ec2 = new EC2Client(settings);
    await ec2.send(new DescribeNetworkInterfacesCommand({}));
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: resources.interface,
        Groups: [resources.workloadGroup],
      }),
    );
    await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [resources.acl] }));
    await ec2
      .send(new DeleteNetworkAclEntryCommand({ NetworkAclId: resources.acl, RuleNumber: 1, Egress: true }))
      .catch((error: Error) => {
        // The rule is there only where containment has left one.
        if (!/NotFound|cannot answer/.test(`${error.name} ${error.message}`)) throw error;
      });
  },
};

const serving: Walkthrough = {
  ...where,
  title: "let a function serve again",
  steps: async (settings, { resources }) => {
    const lambda = new LambdaClient(settings);
    const FunctionName = resources.function;
    await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  },
};

export const recoverWalkthroughs = [goldenImage, backup, service, isolation, serving];
