import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { publicImageParameters } from "../../landscape/public-images";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

describeWithEmulator("a launch template, on the local AWS", () => {
  let front: Front;
  let ec2: EC2Client;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    ec2 = new EC2Client(clientSettings(front));
  });

  afterAll(() => front.stop());

  it("keeps its own tags apart from those of what is launched by it", async () => {
    const ofInstances = [{ ResourceType: "instance" as const, Tags: [{ Key: "Name", Value: "launched" }] }];
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "machine",
        LaunchTemplateData: { InstanceType: "m7g.large", TagSpecifications: ofInstances },
        TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: "ir:kit", Value: "true" }] }],
      }),
    );
    const { LaunchTemplates = [] } = await ec2.send(
      new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["machine"] }),
    );
    expect(LaunchTemplates[0]?.Tags).toEqual([{ Key: "ir:kit", Value: "true" }]);
    const { LaunchTemplateVersions = [] } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "machine", Versions: ["$Latest"] }),
    );
    expect(LaunchTemplateVersions[0]?.LaunchTemplateData?.TagSpecifications).toEqual(ofInstances);
  });

  describe("that a machine is launched by", () => {
    const launch = (more: Partial<RunInstancesCommandInput> = {}) =>
      ec2.send(
        new RunInstancesCommand({
          LaunchTemplate: { LaunchTemplateName: "analyst", Version: "$Default" },
          MinCount: 1,
          MaxCount: 1,
          ...more,
        }),
      );
    let subnet: string | undefined;
    let group: string | undefined;

    beforeAll(async () => {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
      const VpcId = Vpc?.VpcId;
      subnet = (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.9.1.0/24" }))).Subnet
        ?.SubnetId;
      group = (
        await ec2.send(
          new CreateSecurityGroupCommand({ VpcId, GroupName: "analyst", Description: "analyst" }),
        )
      ).GroupId;
      await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: "analyst",
          LaunchTemplateData: {
            ImageId: `resolve:ssm:${publicImageParameters["linux-arm64"]}`,
            InstanceType: "m7g.large",
            MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
            NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, Groups: group ? [group] : [] }],
            BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { Encrypted: true } }],
            TagSpecifications: [
              {
                ResourceType: "instance",
                Tags: [
                  { Key: "Name", Value: "of the template" },
                  { Key: "ir:kit", Value: "true" },
                ],
              },
            ],
          },
        }),
      );
    });

    it("gives it network, image, metadata options and disk, and the request's tags over its own", async () => {
      const { Instances: [launched] = [] } = await launch({
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "of the request" }] }],
      });
      const { Reservations = [] } = await ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [launched?.InstanceId ?? ""] }),
      );
      const machine = Reservations[0]?.Instances?.[0];
      expect(machine).toMatchObject({
        ImageId: expect.stringMatching(/^ami-/),
        InstanceType: "m7g.large",
        SubnetId: subnet,
        SecurityGroups: [{ GroupId: group }],
        MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda" }],
      });
      expect(machine?.Tags).toEqual(
        expect.arrayContaining([
          { Key: "Name", Value: "of the request" },
          { Key: "ir:kit", Value: "true" },
        ]),
      );
    });

    it("makes one of two requests with the same token, and refuses the token for another request", async () => {
      const first = await launch({ ClientToken: "one" });
      const second = await launch({ ClientToken: "one" });
      expect(second.Instances?.[0]?.InstanceId).toBe(first.Instances?.[0]?.InstanceId);
      await expect(launch({ ClientToken: "one", InstanceType: "m7g.xlarge" })).rejects.toMatchObject({
        name: "IdempotentParameterMismatch",
      });
      const other = await launch({ ClientToken: "two" });
      expect(other.Instances?.[0]?.InstanceId).not.toBe(first.Instances?.[0]?.InstanceId);
    });

    describe("records its first start", () => {
      const logGroupName = "machines";
      const script = 'say "protects what comes"';
      let logs: CloudWatchLogsClient;
      let id: string;

      const launchWith = async (userData: string): Promise<string> => {
        const { Instances: [launched] = [] } = await launch({
          UserData: Buffer.from(userData).toString("base64"),
        });
        return launched?.InstanceId ?? "";
      };
      const recorded = async (instance: string): Promise<string[]> => {
        const { events = [] } = await logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName: `${instance}/start` }),
        );
        return events.map(({ message = "" }) => message);
      };

      beforeAll(async () => {
        logs = new CloudWatchLogsClient(clientSettings(front));
        await logs.send(new CreateLogGroupCommand({ logGroupName }));
        id = await launchWith(script);
      });
      afterEach(() => jest.restoreAllMocks());

      const later = (seconds: number) => {
        const now = Date.now() + seconds * 1000;
        jest.spyOn(Date, "now").mockReturnValue(now);
      };

      it("not before it has had the time to", async () => {
        await expect(recorded(id)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
      });

      it("then by what its user data would hand in", async () => {
        later(60);
        expect(await recorded(id)).toEqual(['{"what":"protects what comes"}']);
      });

      it("never without such user data, and never once it is gone", async () => {
        const silent = await launchWith("echo nothing");
        const gone = await launchWith(script);
        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
        later(60);
        for (const instance of [silent, gone, "i-0123456789abcdef0"]) {
          await expect(recorded(instance)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
        }
      });
    });

    it("is an error where there is none of that name", async () => {
      await expect(launch({ LaunchTemplate: { LaunchTemplateName: "none" } })).rejects.toMatchObject({
        name: "InvalidLaunchTemplateName.NotFoundException",
      });
    });
  });
});
