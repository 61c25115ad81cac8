import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";

/** Three volumes: not encrypted, under a customer's key, under the default key; two interfaces, no profile. */
export async function launch(
  ec2: EC2Client,
  customerKey: string,
): Promise<{ readonly instance: string; readonly volumes: string[] }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.77.0.0/16" }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.77.1.0/24" }),
  );
  const { Images: [image] = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
  const disk = { VolumeSize: 8, DeleteOnTermination: true };
  const { Instances: [launched] = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: image?.ImageId,
      InstanceType: "t3.small",
      MinCount: 1,
      MaxCount: 1,
      InstanceInitiatedShutdownBehavior: "terminate",
      UserData: Buffer.from("#!/bin/sh\necho started\n").toString("base64"),
      NetworkInterfaces: [0, 1].map((DeviceIndex) => ({ DeviceIndex, SubnetId: Subnet?.SubnetId })),
      BlockDeviceMappings: [
        { DeviceName: "/dev/sda1", Ebs: disk },
        { DeviceName: "/dev/sdb", Ebs: { ...disk, Encrypted: true, KmsKeyId: customerKey } },
        { DeviceName: "/dev/sdc", Ebs: { ...disk, Encrypted: true } },
      ],
    }),
  );
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [launched?.InstanceId ?? ""] }),
  );
  const mappings = Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  const byDevice = new Map(mappings.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.VolumeId ?? ""]));
  return {
    instance: launched?.InstanceId ?? "",
    volumes: ["/dev/sda1", "/dev/sdb", "/dev/sdc"].map((device) => byDevice.get(device) ?? ""),
  };
}
