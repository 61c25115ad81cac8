import {
  CreateLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
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
});
