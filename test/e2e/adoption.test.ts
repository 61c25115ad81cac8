import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  CreateDetectorCommand,
  EnableOrganizationAdminAccountCommand,
  GuardDutyClient,
  ListDetectorsCommand,
} from "@aws-sdk/client-guardduty";
import { EnableSecurityHubCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { adoptionFile, readAdoption } from "../../adoption/file";
import { resourceCounts } from "../local-aws/cdktf";
import { withoutIds } from "../local-aws/local-landscape";
import { exampleText } from "../support/landscapes";
import { describeWithTerraform } from "../support/with-tools";
import { administrator } from "./accounts";
import { ForeignEntries } from "./foreign-entries";
import { Workspace } from "./workspace";

const minutes = 60_000;
const region = "eu-west-1";
const stacks = [
  "organization",
  "log-archive",
  `administrator-${region}`,
  `delegation-${region}`,
  `detection-${region}`,
];

/** One region and no hub: what is adopted, and nothing else. */
const landscape = exampleText
  .slice(0, exampleText.indexOf("access:\n"))
  .replace("regions: [eu-west-1, us-east-1]", "regions: [eu-west-1]");

describeWithTerraform("an organization that is configured by half", () => {
  let workspace: Workspace;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    workspace = await Workspace.create(withoutIds(landscape, "state"));
    await ForeignEntries.plant(workspace);
    const { exitCode, output } = await workspace.irKit("bootstrap", "--yes", "--json");
    if (exitCode !== 0) throw new Error(output);
    const security = workspace.landscape().accounts.security.id ?? "";
    const ofSecurity = workspace.client(await administrator(workspace, security), region);
    // Somebody has begun: detectors in two accounts, a delegation, and a hub.
    const detector = async (client: GuardDutyClient) =>
      (await client.send(new CreateDetectorCommand({ Enable: true }))).DetectorId ?? "";
    ids.security = await detector(new GuardDutyClient(ofSecurity));
    const management = new GuardDutyClient(workspace.client());
    ids.management = await detector(management);
    await management.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: security }));
    await new SecurityHubClient(ofSecurity).send(
      new EnableSecurityHubCommand({ EnableDefaultStandards: false }),
    );
  }, 3 * minutes);

  afterAll(() => workspace.close());

  it(
    "is looked at without a change, and what exists is told",
    async () => {
      const { exitCode, stdout, output } = await workspace.irKit("adopt", "--json");
      expect({ exitCode, output: exitCode === 2 ? output : "" }).toMatchObject({ output: "" });
      const { imports, unseen } = JSON.parse(stdout) as {
        imports: Record<string, { to: string; id: string }[]>;
        unseen: unknown[];
      };
      expect(unseen).toEqual([]);
      expect(imports).toEqual(readAdoption(workspace.landscapeFile));
      expect(adoptionFile(workspace.landscapeFile)).toContain("adopted.json");
      const found = Object.values(imports).flatMap((blocks) =>
        blocks.map(({ to, id }) => [to.split(".")[0], id]),
      );
      expect(found).toEqual(
        expect.arrayContaining([
          ["aws_guardduty_detector", ids.security],
          ["aws_guardduty_detector", ids.management],
          ["aws_guardduty_organization_admin_account", workspace.landscape().accounts.security.id],
          ["aws_securityhub_account", workspace.landscape().accounts.security.id],
        ]),
      );
    },
    2 * minutes,
  );

  it(
    "is not forgotten when an account can't be looked at: that is told, and nothing is written",
    async () => {
      const kept = readFileSync(adoptionFile(workspace.landscapeFile), "utf8");
      const unreachable = path.join(path.dirname(workspace.landscapeFile), "unreachable.yaml");
      const text = readFileSync(workspace.landscapeFile, "utf8");
      writeFileSync(unreachable, `${text}\ndeployRole: NobodyHasThisRole\n`);
      const { exitCode, stdout } = await workspace.irKit("adopt", "--json", "--config", unreachable);
      const { unseen } = JSON.parse(stdout) as { unseen: { where: string; what: string; why: string }[] };
      expect(exitCode).toBe(1);
      expect(unseen).toContainEqual({
        where: "security",
        what: "entering the account",
        why: expect.stringMatching(/NobodyHasThisRole|AccessDenied/),
      });
      // The management account is entered by nobody's role, and all of it was seen.
      expect(unseen.map(({ what }) => what)).toEqual(unseen.map(() => "entering the account"));
      expect(readFileSync(adoptionFile(unreachable), "utf8")).toBe(kept);
    },
    2 * minutes,
  );

  it(
    "is deployed, and nothing is made twice, replaced or lost",
    async () => {
      const result = await workspace.deploy(...stacks);
      expect({ exitCode: result.exitCode, output: result.exitCode === 0 ? "" : result.output }).toEqual({
        exitCode: 0,
        output: "",
      });
      expect(resourceCounts(result).destroyed).toBe(0);
      for (const [account, keys] of [
        ["security", await administrator(workspace, workspace.landscape().accounts.security.id ?? "")],
        ["management", undefined],
      ] as const) {
        const { DetectorIds } = await new GuardDutyClient(workspace.client(keys, region)).send(
          new ListDetectorsCommand({}),
        );
        expect(DetectorIds).toEqual([ids[account]]);
      }
    },
    5 * minutes,
  );

  it(
    "shows no change in a second plan",
    async () => {
      for (const name of stacks) {
        const { exitCode, output } = await workspace.terraform(name).plan();
        expect([name, exitCode, exitCode === 0 ? "" : output]).toEqual([name, 0, ""]);
      }
    },
    2 * minutes,
  );

  it(
    "has nothing to take over that it has not taken over",
    async () => {
      const before = readAdoption(workspace.landscapeFile);
      const { stdout } = await workspace.irKit("adopt", "--json");
      const { imports } = JSON.parse(stdout) as { imports: typeof before };
      for (const [stack, blocks] of Object.entries(before)) {
        expect(imports[stack]).toEqual(expect.arrayContaining([...blocks]));
      }
    },
    2 * minutes,
  );
});
