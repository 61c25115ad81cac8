import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  type Instance,
  type Volume,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { Run } from "../../../cli/terraform";
import {
  forensicEndpointName,
  forensicGroupName,
  forensicNetworkName,
  sessionLogName,
} from "../../../landscape/forensic-names";
import { accountId, evidenceKeyAliasName } from "../../../landscape/names";
import { endpointServiceNames } from "../../../policies/forensic-endpoints";
import type { Opening } from "../../../runtime/steps/open-analysis";
import type { Keys } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { launch } from "./machine";
import { expectNoChange } from "./no-change";
import { responderKeys } from "./responder-keys";

const region = "eu-west-1";

const caseId = "CASE-9";

/** In the record of a machine's start. */
const said = '{"what":"protects what comes"}';

/** What a case has preserved before is looked at on a machine of the forensics account, and closed again. */
describeOnOrganization((workspaceOf) => {
  describe("opening what was preserved", () => {
    let workspace: Workspace;
    let keys: Keys;
    let ec2: EC2Client;
    let logs: CloudWatchLogsClient;
    let evidenceKey: string | undefined;
    let endpoints: string[] = [];

    const irKit = (...args: string[]) => workspace.irKitAs(keys, {}, ...args, "--mfa-code", "123456");
    const open = (...args: string[]) => irKit("forensics", "open", caseId, ...args);
    const ofCase = [{ Name: "tag:ir:case", Values: [caseId] }];
    const machines = async (): Promise<Instance[]> => {
      const states = { Name: "instance-state-name", Values: ["pending", "running"] };
      const { Reservations = [] } = await ec2.send(
        new DescribeInstancesCommand({ Filters: [...ofCase, states] }),
      );
      return Reservations.flatMap(({ Instances = [] }) => Instances);
    };
    const copies = async (): Promise<Volume[]> => {
      const Filters = [...ofCase, { Name: "tag-key", Values: ["ir:source"] }];
      return (await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes ?? [];
    };

    beforeAll(async () => {
      workspace = workspaceOf();
      keys = await responderKeys(workspace);
      const landscape = workspace.landscape();
      const account = accountId(landscape.accounts.forensics);
      const settings = workspace.client(await administrator(workspace, account), region);
      ec2 = new EC2Client(settings);
      logs = new CloudWatchLogsClient(settings);
      const { KeyMetadata } = await new KMSClient(settings).send(
        new DescribeKeyCommand({ KeyId: evidenceKeyAliasName(landscape) }),
      );
      evidenceKey = KeyMetadata?.Arn;
      await preserve(workspace, irKit);
    }, 3 * minutes);

    it(
      "is refused as long as nobody could open the machine, with the command that changes it",
      async () => {
        const { exitCode, output } = await open("--yes");
        expect([exitCode, output]).toEqual([
          1,
          expect.stringContaining(
            `IR_KIT_ON_DEMAND=forensic-endpoints-${region} npx cdktf deploy forensic-endpoints-${region}`,
          ),
        ]);
        expect(await machines()).toEqual([]);
      },
      minutes,
    );

    it(
      "attaches a copy of each volume to a machine of the template, and not before that has said how it has started",
      async () => {
        endpoints = await makeEndpoints(workspace, ec2);
        const opening = open("--yes", "--json");
        const before = await startMachine(logs, workspace, machines, copies);
        const { exitCode, stdout, output } = await opening;
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const opened = JSON.parse(stdout) as Opening & { readonly session: string };
        expect(opened.volumes.map(({ state, device }) => [state, device])).toEqual([
          ["attached", "/dev/sdf"],
          ["attached", "/dev/sdg"],
          ["attached", "/dev/sdh"],
        ]);
        expect([before, opened.started, opened.online]).toEqual([[], [said], true]);
        expect(opened.session).toContain(
          `aws ssm start-session --region ${region} --target ${opened.machine} --document-name acme-ir-session`,
        );
        const [machine, ...others] = await machines();
        expect([others, machine?.InstanceId]).toEqual([[], opened.machine]);
        await expectOfTemplate(workspace, ec2, machine);
        const attached = await copies();
        expect(
          attached.map(({ Encrypted, KmsKeyId, Attachments }) => [
            Encrypted,
            KmsKeyId,
            Attachments?.[0]?.InstanceId,
          ]),
        ).toEqual(Array.from({ length: 3 }, () => [true, evidenceKey, opened.machine]));
        expect(attached.map(({ VolumeId }) => VolumeId).sort()).toEqual(
          opened.volumes.map(({ copy }) => copy).sort(),
        );
      },
      2 * minutes,
    );

    it(
      "is signed for: who opened what",
      async () => {
        const { exitCode, stdout } = await irKit("custody", "verify", caseId);
        expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/HOLDS.* custody of CASE-9/)]);
      },
      minutes,
    );

    it(
      "goes on where it ended: nothing is launched, made or attached twice",
      async () => {
        const { exitCode, stdout } = await open("--yes");
        expect([exitCode, stdout]).toEqual([0, expect.stringContaining("sudo ir-kit-evidence")]);
        expect([(await machines()).length, (await copies()).length]).toEqual([1, 3]);
      },
      minutes,
    );

    it(
      "leaves nothing behind but the evidence, once it is closed",
      async () => {
        const { exitCode, output } = await irKit("forensics", "close", caseId, "--yes");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        expect([await machines(), await copies()]).toEqual([[], []]);
        const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ Filters: ofCase }));
        expect(Snapshots).toHaveLength(3);
        await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: endpoints }));
      },
      minutes,
    );

    it.each<[string, string[], RegExp]>([
      ["a machine of no kind", ["--machine", "linux-arm"], /--machine takes .*did you mean "linux-arm64"\?/],
      [
        "a region without forensics",
        ["--region", "eu-west-2"],
        /evidence is looked at in .*did you mean "eu-west-1"/,
      ],
      ["a wait without end", ["--wait", "9999"], /--wait takes whole numbers up to 50/],
    ])("refuses %s before it asks AWS", async (_, args, message) => {
      const { exitCode, output }: Run = await open("--yes", ...args);
      expect([exitCode, output]).toEqual([2, expect.stringMatching(message)]);
    });

    it(
      "says so where a case has preserved nothing",
      async () => {
        const { exitCode, output } = await irKit("forensics", "open", "CASE-77", "--yes");
        expect([exitCode, output]).toEqual([
          1,
          expect.stringContaining("CASE-77 has preserved no volume in"),
        ]);
      },
      minutes,
    );

    it(
      "leaves what Terraform made as it is",
      () => expectNoChange(workspace, ["evidence-eu-west-1", "custody", "forensics-eu-west-1"]),
      2 * minutes,
    );
  });
});

/** A machine of a member with three volumes, a copy of each of which is evidence of the case. */
async function preserve(workspace: Workspace, irKit: (...args: string[]) => Promise<Run>): Promise<void> {
  const member = workspace.landscape().members.find(({ name }) => name === "payments-prod")?.id ?? "";
  const owner = workspace.client(await administrator(workspace, member));
  const ec2 = new EC2Client(owner);
  const { KeyMetadata } = await new KMSClient(owner).send(new CreateKeyCommand({}));
  const { instance, volumes } = await launch(ec2, KeyMetadata?.Arn ?? "");
  const where = ["--account", "payments-prod", "--case", caseId];
  const calls = [
    ["respond", "tag", instance, ...volumes, ...where],
    ["respond", "preserve", instance, ...where, "--yes"],
  ];
  for (const call of calls) {
    const { exitCode, output } = await irKit(...call);
    if (exitCode !== 0) throw new Error(output);
  }
}

/** As `forensic-endpoints-<region>` makes them, which another test deploys. */
async function makeEndpoints(workspace: Workspace, ec2: EC2Client): Promise<string[]> {
  const landscape = workspace.landscape();
  const { Vpcs: [vpc] = [] } = await ec2.send(
    new DescribeVpcsCommand({
      Filters: [{ Name: "tag:Name", Values: [forensicNetworkName(landscape, "forensic")] }],
    }),
  );
  const made = await Promise.all(
    endpointServiceNames.map(async (service) => {
      const { VpcEndpoint } = await ec2.send(
        new CreateVpcEndpointCommand({
          VpcId: vpc?.VpcId,
          ServiceName: `com.amazonaws.${region}.${service}`,
          VpcEndpointType: "Interface",
          TagSpecifications: [
            {
              ResourceType: "vpc-endpoint",
              Tags: [{ Key: "Name", Value: forensicEndpointName(landscape, service) }],
            },
          ],
        }),
      );
      return VpcEndpoint?.VpcEndpointId ?? "";
    }),
  );
  return made;
}

/** What the machine's user data would do. Gives what was attached until then. */
async function startMachine(
  logs: CloudWatchLogsClient,
  workspace: Workspace,
  machines: () => Promise<Instance[]>,
  copies: () => Promise<Volume[]>,
): Promise<(string | undefined)[]> {
  let machine: Instance | undefined;
  for (let looks = 0; machine === undefined && looks < 60; looks += 1) {
    [machine] = await machines();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  // Time in which a kit that waits for nothing would attach.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const attached = (await copies()).flatMap(({ Attachments = [] }) =>
    Attachments.map(({ VolumeId }) => VolumeId),
  );
  const logGroupName = sessionLogName(workspace.landscape());
  const logStreamName = `${machine?.InstanceId}/start`;
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: [{ timestamp: Date.now(), message: said }],
    }),
  );
  return attached;
}

async function expectOfTemplate(
  workspace: Workspace,
  ec2: EC2Client,
  machine: Instance | undefined,
): Promise<void> {
  const landscape = workspace.landscape();
  const { Subnets: [subnet] = [] } = await ec2.send(
    new DescribeSubnetsCommand({ SubnetIds: [machine?.SubnetId ?? ""] }),
  );
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [subnet?.VpcId ?? ""] }));
  expect(vpc?.Tags).toContainEqual({ Key: "Name", Value: forensicNetworkName(landscape, "forensic") });
  const groups = (machine?.SecurityGroups ?? []).map(({ GroupId }) => GroupId ?? "");
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: groups }));
  expect(SecurityGroups.map(({ GroupName }) => GroupName)).toEqual([forensicGroupName(landscape, "analyst")]);
  expect(machine?.MetadataOptions).toMatchObject({ HttpTokens: "required", HttpPutResponseHopLimit: 1 });
  expect(machine?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/acme-ir\/acme-ir-forensic-analysis$/);
  expect(machine?.PublicIpAddress).toBeUndefined();
  expect(machine?.Tags).toEqual(
    expect.arrayContaining([
      { Key: "ir:case", Value: "CASE-9" },
      { Key: "ir:kit", Value: "true" },
      { Key: "Name", Value: "acme-ir-forensic-linux-arm64" },
    ]),
  );
}
