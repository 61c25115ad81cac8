import {
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Snapshot,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { accountId, evidenceKeyAliasName } from "../../../landscape/names";
import type { Preservation } from "../../../runtime/steps/preserve-instance";
import type { Keys } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { launch } from "./machine";
import { expectNoChange } from "./no-change";
import { responderKeys } from "./responder-keys";

const caseId = "CASE-9";

/** A machine with three volumes, each under another kind of key, is preserved in the forensics account. */
describeOnOrganization((workspaceOf) => {
  describe("preserving an instance", () => {
    let workspace: Workspace;
    let keys: Keys;
    let member: string;
    let here: EC2Client;
    let there: EC2Client;
    let keysThere: KMSClient;
    let instance: string;
    let volumes: string[];
    let customerKey: string;

    const irKit = (...args: string[]) => workspace.irKitAs(keys, {}, ...args, "--mfa-code", "123456");
    const preserve = (...args: string[]) =>
      irKit("respond", "preserve", instance, "--account", "payments-prod", "--case", caseId, ...args);
    const ofCase = async (ec2: EC2Client): Promise<Snapshot[]> => {
      const { Snapshots = [] } = await ec2.send(
        new DescribeSnapshotsCommand({ Filters: [{ Name: "tag:ir:case", Values: [caseId] }] }),
      );
      return Snapshots;
    };
    const sharedWith = async ({ SnapshotId }: Snapshot): Promise<(string | undefined)[]> => {
      const { CreateVolumePermissions = [] } = await here.send(
        new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: "createVolumePermission" }),
      );
      return CreateVolumePermissions.map(({ UserId, Group }) => UserId ?? Group);
    };
    const protection = async () => {
      const attribute = async (Attribute: "disableApiTermination" | "instanceInitiatedShutdownBehavior") =>
        here.send(new DescribeInstanceAttributeCommand({ InstanceId: instance, Attribute }));
      const { Reservations = [] } = await here.send(
        new DescribeInstancesCommand({ InstanceIds: [instance] }),
      );
      return {
        protected: (await attribute("disableApiTermination")).DisableApiTermination?.Value,
        behavior: (await attribute("instanceInitiatedShutdownBehavior")).InstanceInitiatedShutdownBehavior
          ?.Value,
        going: Reservations[0]?.Instances?.[0]?.BlockDeviceMappings?.map(
          ({ Ebs }) => Ebs?.DeleteOnTermination,
        ),
      };
    };

    beforeAll(async () => {
      workspace = workspaceOf();
      keys = await responderKeys(workspace);
      const landscape = workspace.landscape();
      member = landscape.members.find(({ name }) => name === "payments-prod")?.id ?? "";
      const owner = workspace.client(await administrator(workspace, member));
      here = new EC2Client(owner);
      const forensics = workspace.client(
        await administrator(workspace, accountId(landscape.accounts.forensics)),
      );
      there = new EC2Client(forensics);
      keysThere = new KMSClient(forensics);
      const { KeyMetadata } = await new KMSClient(owner).send(new CreateKeyCommand({}));
      customerKey = KeyMetadata?.Arn ?? "";
      ({ instance, volumes } = await launch(here, customerKey));
    }, minutes);

    it(
      "is refused where the instance does not belong to the case, with the way to make it so",
      async () => {
        const { exitCode, output } = await preserve("--yes");
        expect([exitCode, output]).toEqual([1, expect.stringContaining("npx ir-kit respond tag i-")]);
        for (const id of [instance, ...volumes]) expect(output).toContain(`${id} has no tag ir:case`);
        const ofTheCase = { Resources: [instance, ...volumes], Tags: [{ Key: "ir:case", Value: caseId }] };
        await expect(here.send(new CreateTagsCommand(ofTheCase))).rejects.toMatchObject({
          name: "UnauthorizedOperation",
        });
        const told = /npx ir-kit (respond tag [^\n]+)/.exec(output)?.[1] ?? "";
        const tagged = await irKit(...told.trim().split(" "));
        expect([tagged.exitCode, tagged.output]).toEqual([0, expect.stringContaining(`${instance}: tagged`)]);
      },
      minutes,
    );

    it(
      "lists what it would do, and does none of it",
      async () => {
        const before = await protection();
        const { exitCode, stdout } = await preserve("--dry-run");
        expect([exitCode, stdout]).toEqual([0, expect.stringContaining("ec2:CreateSnapshots")]);
        expect([await protection(), await ofCase(here)]).toEqual([before, []]);
      },
      minutes,
    );

    it(
      "keeps the machine, and has a copy of each volume in the forensics account, under its key",
      async () => {
        const { exitCode, stdout, output } = await preserve("--yes", "--json");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        const { volumes: told } = JSON.parse(stdout) as Preservation;
        expect(told.map(({ volume, route }) => [volume, route]).sort()).toEqual(
          volumes.map((volume, index) => [volume, index === 0 ? "shared" : "re-encrypted"]).sort(),
        );
        expect(await protection()).toEqual({
          protected: true,
          behavior: "stop",
          going: [false, false, false],
        });
        const own = await ofCase(there);
        const { KeyMetadata } = await keysThere.send(
          new DescribeKeyCommand({ KeyId: evidenceKeyAliasName(workspace.landscape()) }),
        );
        expect(own.map(({ Encrypted, KmsKeyId }) => [Encrypted, KmsKeyId])).toEqual(
          Array.from({ length: 3 }, () => [true, KeyMetadata?.Arn]),
        );
        const tag = ({ Tags = [] }: Snapshot, name: string) => Tags.find(({ Key }) => Key === name)?.Value;
        expect(own.map((snapshot) => tag(snapshot, "ir:volume")).sort()).toEqual([...volumes].sort());
        expect(own.map(({ SnapshotId }) => SnapshotId).sort()).toEqual(told.map(({ copy }) => copy).sort());
      },
      minutes,
    );

    it(
      "has shared with the forensics account what could be, and with nobody else",
      async () => {
        const snapshots = await ofCase(here);
        expect(snapshots).toHaveLength(5);
        const shares = await Promise.all(
          snapshots.map(async (snapshot) => [
            snapshot.Encrypted === true && snapshot.Tags?.every(({ Key }) => Key !== "ir:source"),
            await sharedWith(snapshot),
          ]),
        );
        const forensics = accountId(workspace.landscape().accounts.forensics);
        // Snapshots under the member's own keys stay where they are.
        expect(shares.filter(([underOwnKey]) => underOwnKey)).toEqual([
          [true, []],
          [true, []],
        ]);
        expect(shares.filter(([underOwnKey]) => !underOwnKey)).toEqual(
          Array.from({ length: 3 }, () => [false, [forensics]]),
        );
      },
      minutes,
    );

    it(
      "is signed for, and custody holds",
      async () => {
        const { exitCode, stdout } = await irKit("custody", "verify", caseId);
        expect([exitCode, stdout]).toEqual([
          0,
          expect.stringMatching(/HOLDS.* custody of CASE-9: 2 manifests, \d pieces of evidence/),
        ]);
      },
      minutes,
    );

    it(
      "goes on where it ended: no snapshot is taken twice",
      async () => {
        const { exitCode } = await preserve("--yes", "--json");
        expect([exitCode, (await ofCase(here)).length, (await ofCase(there)).length]).toEqual([0, 5, 3]);
      },
      minutes,
    );

    it(
      "is undone as far as the machine is concerned, and the evidence stays",
      async () => {
        const { exitCode, output } = await irKit("respond", "release", "--case", caseId, "--yes");
        expect({ exitCode, output: exitCode === 0 ? "" : output }).toEqual({ exitCode: 0, output: "" });
        expect(await protection()).toEqual({
          protected: false,
          behavior: "terminate",
          going: [true, true, true],
        });
        expect((await ofCase(there)).length).toBe(3);
      },
      minutes,
    );

    it(
      "is refused for an instance that is not there, or is gone",
      async () => {
        const elsewhere = await irKit(
          ...["respond", "preserve", instance, "--account", "payments-dev", "--case", caseId, "--yes"],
        );
        expect([elsewhere.exitCode, elsewhere.output]).toEqual([
          1,
          expect.stringMatching(/is not in payments-dev .*eu-west-1, us-east-1: it is gone, or in another/),
        ]);
        const terminated = () => here.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
        await expect(terminated()).rejects.toMatchObject({ name: "UnauthorizedOperation" });
        const untagged = await irKit(
          ...["respond", "tag", instance, "--remove", "--account", "payments-prod", "--region", "eu-west-1"],
          ...["--task", "recover", "--case", caseId],
        );
        expect({
          exitCode: untagged.exitCode,
          output: untagged.exitCode === 0 ? "" : untagged.output,
        }).toEqual({
          exitCode: 0,
          output: "",
        });
        await terminated();
        const gone = await preserve("--region", "eu-west-1", "--yes");
        expect([gone.exitCode, gone.output]).toEqual([1, expect.stringContaining("it is gone")]);
      },
      2 * minutes,
    );

    it(
      "leaves what Terraform made as it is",
      () => expectNoChange(workspace, ["evidence-eu-west-1", "custody", "forensics-eu-west-1"]),
      2 * minutes,
    );
  });
});
