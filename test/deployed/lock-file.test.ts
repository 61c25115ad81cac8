import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { recordDeployed, refuseLosses, refuseLossesBeforeIds } from "../../cli/deployed";
import { withoutGone } from "../../cli/lock";
import { deployedFile, deployedText, readDeployed } from "../../landscape/deployed/file";
import { placed } from "../../landscape/deployed/place";
import type { Deployed } from "../../landscape/deployed/schema";
import { planStacks } from "../../stacks";
import { givingUp } from "../../stacks/giving-up";
import { compare, synthesize, Unrecorded } from "../../stacks/synthesize";
import { deployedOf } from "../support/deployed";
import { exampleLandscape, exampleText, exampleWith, landscapeOf } from "../support/landscapes";
import { repository } from "../support/repository";

const deployed = deployedOf(exampleLandscape());
/** The kit has made an account and a unit. */
const withMade = deployedOf(
  exampleLandscape(
    ['id: "555555555555"', 'id: "555555555555"\n    create: { email: a@example.com }'],
    [
      "organizationalUnits:\n",
      "organizationalUnits:\n  - { path: later, create: true, id: ou-ab12-later0001 }\n",
    ],
  ),
);
const regions = "regions: [eu-west-1, us-east-1]";
const retiredRegion = "regions: [eu-west-1, { name: us-east-1, state: retired }]";
type Edit = readonly [string, string];

const told = (...edits: readonly Edit[]) => compare(exampleLandscape(...edits), deployed).findings;

describe("what every name is made of", () => {
  it.each<[string, Edit[], readonly string[], RegExp]>([
    [
      "the organization's name",
      [["name: acme", "name: acme2"]],
      ["organization", "name"],
      /"acme2" was "acme" .*replace what stands in 27 stacks, and fail at what it never destroys: .*log-archive \(10\)/,
    ],
    [
      "the home region",
      [["homeRegion: eu-west-1", "homeRegion: us-east-1"]],
      ["homeRegion"],
      /"us-east-1" was "eu-west-1".*access, .* stand there.*make them anew in us-east-1/,
    ],
    [
      "the distribution",
      [["distribution: stackset", "distribution: direct"]],
      ["distribution"],
      /"direct" was "stackset".*left behind would be: baseline\. .*give up the baseline of the members \("Destroy" in docs\/operations.md\), npx ir-kit lock --gone baseline,.*no roles in the accounts/,
    ],
    [
      "the state, out of its folder",
      [["{ type: local }", "{ type: local, directory: other }"]],
      ["backend"],
      /"local in other" was "local in state" .*state of 27 stacks lies there.*make everything anew/,
    ],
    [
      "another organization's id",
      [["o-a1b2c3d4e5", "o-b1b2c3d4e5"]],
      ["organization", "id"],
      /all 27 stacks stand in that organization/,
    ],
  ])("says beforehand what a change would replace or leave behind: %s", (_, edits, field, message) => {
    expect(told(...edits)).toEqual([{ path: field, message: expect.stringMatching(message) }]);
  });
});

describe("what moves or goes", () => {
  it.each<[string, Edit[], readonly (string | number)[], RegExp]>([
    [
      "a core account becomes another",
      [['logArchive: { id: "333333333333"', 'logArchive: { id: "999999999999"']],
      ["accounts", "logArchive"],
      /was account log-archive \(333333333333\), where .* knows log-archive: .*left behind/,
    ],
    [
      "a member has another id",
      [['id: "555555555555"', 'id: "999999999999"']],
      ["members", 0, "id"],
      /"999999999999" was "555555555555"/,
    ],
    [
      "a unit has another id",
      [["id: ou-ab12-dev000001", "id: ou-ab12-dev000002"]],
      ["organizationalUnits", 3, "id"],
      /"ou-ab12-dev000002" was "ou-ab12-dev000001"/,
    ],
    [
      "a log that is kept no longer",
      [["  config: kit", "  config: existing"]],
      ["logging"],
      /log-archive would destroy aws_kms_key\.config-history-key_\w+, aws_s3_bucket\.config-history_\w+, which holds data/,
    ],
    [
      "emergency users in another account",
      [["account: forensics", "account: management"]],
      ["access", "doors"],
      /emergency-users stands in account 444444444444, eu-west-1.*made anew in account 111111111111/,
    ],
  ])("is told with its place: %s", (_, edits, field, message) => {
    expect(told(...edits)).toEqual([{ path: field, message: expect.stringMatching(message) }]);
  });

  it("is not told of state that bootstrap moves into its bucket, and is told of its way back", () => {
    const bucket: Edit = ["backend: { type: local }", "backend: { type: s3, account: security }"];
    expect(told(bucket)).toEqual([]);
    // Until bootstrap has moved it, it lies where it lay.
    expect(deployedOf(exampleLandscape(bucket), deployed).names.backend).toBe("local in state");
    const moved = deployedOf(exampleLandscape(bucket));
    const elsewhere: Edit = ["{ type: local }", "{ type: local, directory: tfstate }"];
    expect(compare(exampleLandscape(bucket), deployedOf(exampleLandscape(elsewhere))).findings).toEqual([
      { path: ["backend"], message: expect.stringMatching(/"s3 in security" was "local in tfstate"/) },
    ]);
    expect(compare(exampleLandscape(), moved).findings).toEqual([
      { path: ["backend"], message: expect.stringMatching(/"local in state" was "s3 in security"/) },
    ]);
  });

  it.each<[string, Edit, readonly (string | number)[], RegExp]>([
    [
      "an account",
      ['id: "555555555555"', 'id: "555555555555"\n    create: { email: a@example.com }'],
      ["members", 0],
      /account payments-prod \(555555555555\) says create, .*others have made it: Terraform would make another.*give its id 555555555555/,
    ],
    [
      "a unit",
      ["id: ou-ab12-sandbox01", "create: true, id: ou-ab12-sandbox01"],
      ["organizationalUnits", 4],
      /organizational unit sandbox .*says create, .*others have made it/,
    ],
    [
      "a unit whose id is taken out, so that it would be made",
      ["id: ou-ab12-sandbox01", "create: true"],
      ["organizationalUnits", 4],
      /organizational unit sandbox .*says create, .*give its id ou-ab12-sandbox01/,
    ],
  ])("is told where the landscape says create of what others have made: %s", (_, edit, field, message) => {
    expect(told(edit)).toEqual([{ path: field, message: expect.stringMatching(message) }]);
  });

  it("is not told of a hub that has moved from an account that was lost", () => {
    const moved = told(["access:\n", "access:\n  hub: playground\n  sealed: security\n"]);
    expect(moved).toEqual([]);
  });
});

describe("a region that is given up", () => {
  const landscape = exampleLandscape([regions, retiredRegion]);
  const recorded = deployedOf(landscape, deployed);
  const stacks = planStacks(landscape, [], recorded).stacks;
  const gone = ["detection", "delegation", "administrator", "forensics"].map((name) => `${name}-us-east-1`);

  it("has its stacks as long as they stand, so that destroy finds them", () => {
    expect(stacks.map(({ name }) => name)).toEqual(
      planStacks(exampleLandscape()).stacks.map(({ name }) => name),
    );
  });

  it("says in which order they go, and what evidence it holds", () => {
    expect(givingUp(landscape, stacks, recorded)).toEqual([
      {
        what: expect.stringContaining("region us-east-1"),
        steps: [
          "npx cdktf destroy forensics-us-east-1 detection-us-east-1 delegation-us-east-1 administrator-us-east-1 --ignore-missing-stack-dependencies --parallelism 1",
          expect.stringContaining("npx ir-kit lock --gone"),
          expect.stringMatching(
            /acme-ir-evidence-444444444444-us-east-1 .*governance.* 365 days .*3653; .*alias\/acme-ir\/evidence/,
          ),
          expect.stringContaining("state rm"),
          expect.stringMatching(/take its line out.*; keep what follows/),
          expect.stringMatching(/^npx cdktf deploy baseline: Terraform forgets what stands there/),
          // The alarms of IAM and Organizations come from there, watched or not: the recorders alone go.
          "aws cloudformation delete-stack-instances --stack-set-name acme-ir-baseline-recorder --region eu-west-1 " +
            "--deployment-targets OrganizationalUnitIds=ou-ab12-sandbox01,ou-ab12-security1,ou-ab12-workload1 " +
            "--regions us-east-1 --no-retain-stacks --operation-preferences " +
            "RegionConcurrencyType=PARALLEL,FailureTolerancePercentage=100,MaxConcurrentPercentage=100",
        ],
      },
    ]);
  });

  it("has its part of the baseline taken out of the members in the reverse of its making", () => {
    const [from, to] = [
      "[eu-west-1, us-east-1]",
      "[eu-west-1, us-east-1, { name: eu-west-2, state: retired }]",
    ];
    const wider = exampleLandscape([from, to]);
    const [given] = givingUp(wider, planStacks(wider).stacks);
    const stackSets = given?.steps.flatMap(
      (step) => step.match(/acme-ir-baseline-\w+(?=.*--regions eu-west-2)/) ?? [],
    );
    expect(stackSets).toEqual([
      "acme-ir-baseline-recorder",
      "acme-ir-baseline-documents",
      "acme-ir-baseline-regional",
    ]);
    const direct = exampleLandscape([from, to], ["distribution: stackset", "distribution: direct"]);
    const steps = givingUp(direct, planStacks(direct).stacks).flatMap((one) => one.steps);
    expect(steps.filter((step) => step.includes("stack-set"))).toEqual([]);
    expect(steps[0]).toContain("baseline-payments-prod-eu-west-2");
  });

  it("is told of a unit too, whose accounts lose the baseline of every region", () => {
    const line = "- { path: sandbox, id: ou-ab12-sandbox01";
    const unit = exampleLandscape([line, `${line}, state: retired`]);
    const [given] = givingUp(unit, planStacks(unit).stacks);
    const commands = given?.steps.filter((step) => step.startsWith("aws ")) ?? [];
    expect(commands).toHaveLength(4);
    for (const command of commands)
      expect(command).toContain("OrganizationalUnitIds=ou-ab12-sandbox01 --regions eu-west-1");
    expect(commands.at(-1)).toContain("acme-ir-baseline-global");
  });

  it("names no unit whose accounts a listed unit above still covers, and accounts where units below stay", () => {
    const retire = (line: string) => {
      const landscape = exampleLandscape([line, `${line}, state: retired`]);
      return givingUp(landscape, planStacks(landscape).stacks)[0]?.steps ?? [];
    };
    const inner = retire("- { path: workloads/prod, id: ou-ab12-prod00001");
    expect(inner.filter((step) => step.includes("stack-instances") || step.includes("move"))).toEqual([]);
    const outer = retire("- { path: workloads, id: ou-ab12-workload1").filter((step) =>
      step.startsWith("aws "),
    );
    expect(outer).toHaveLength(4);
    for (const command of outer)
      expect(command).toContain(
        "OrganizationalUnitIds=ou-ab12-workload1,Accounts=<accounts directly in workloads>,AccountFilterType=INTERSECTION",
      );
  });

  it("is told of a user too, whose keys people delete", () => {
    const line = "        - name: emergency-2\n";
    const landscape = exampleLandscape([line, `${line}          state: retired\n`]);
    expect(givingUp(landscape, planStacks(landscape).stacks, deployed)).toEqual([
      {
        what: "user /acme-ir/emergency-2 stays in AWS, and can take up nothing any more; Terraform forgets it",
        steps: [
          expect.stringMatching(/^npx cdktf deploy emergency-users/),
          expect.stringMatching(/access keys, its MFA device and the user/),
          expect.stringMatching(/^npx ir-kit lock/),
        ],
      },
    ]);
    const without = landscapeOf(exampleText.replace(/^ {8}- name: emergency-2\n( {10}.*\n)*/m, ""));
    expect(compare(without, deployed).findings).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/say state: retired in its line/) }),
    ]);
  });

  it("says no command where nothing of it is to be taken out", () => {
    const landscape = exampleLandscape([regions, retiredRegion], ["  config: kit", "  config: existing"]);
    const steps = givingUp(landscape, planStacks(landscape).stacks)[0]?.steps ?? [];
    expect(steps.at(-1)).toBe(
      "npx cdktf deploy baseline: Terraform forgets what stands there, and it stays in every account",
    );
  });

  it("may go once nothing of it stands, and no stack of it comes back before", () => {
    const left = [...gone, "evidence-us-east-1"].reduce(
      (known, name) => withoutGone(known, name, []).record,
      recorded,
    );
    const names = planStacks(landscape, [], left).stacks.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith("us-east-1"))).toEqual(["baseline-management-us-east-1"]);
    const without = exampleLandscape([regions, "regions: [eu-west-1]"]);
    expect(compare(without, left).findings).toEqual([]);
    expect(compare(without, recorded).findings).toHaveLength(5);
  });

  it("can't be the home region", () => {
    const text = exampleWith([regions, "regions: [{ name: eu-west-1, state: retired }, us-east-1]"]);
    expect(() => landscapeOf(text)).toThrow("eu-west-1 is the home region");
  });
});

describe("what Terraform's state no longer has", () => {
  it("is dropped: a whole stack, or what it kept", () => {
    const all = deployed.stacks.find(({ name }) => name === "custody")?.kept ?? [];
    const some = withoutGone(deployed, "custody", all.slice(1));
    expect(some.dropped).toEqual([`dropped: ${all[0]} of stack custody`]);
    expect(some.record.stacks.find(({ name }) => name === "custody")?.kept).toEqual(all.slice(1));
    const whole = withoutGone(deployed, "custody", []);
    expect(whole.dropped).toEqual(["dropped: stack custody"]);
    expect(whole.record.stacks.map(({ name }) => name)).not.toContain("custody");
    expect(withoutGone(deployed, "custody", [...all, "aws_iam_role.x"]).dropped).toEqual([]);
  });
});

describe("a stack that holds nothing but what is forgotten", () => {
  it("is gone where nothing is left but what Terraform keeps for itself", () => {
    expect(withoutGone(deployed, "detection-us-east-1", ["terraform_data.when-applied"]).dropped).toEqual([
      "dropped: stack detection-us-east-1",
    ]);
  });
});

describe("a unit whose id is recorded, and whose bootstrap broke off before it was written", () => {
  it("keeps bootstrap from nothing, and is refused where it would be made", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-broken-"));
    try {
      const file = path.join(directory, "landscape.yaml");
      const text = exampleWith([", id: ou-ab12-sandbox01", ""]);
      writeFileSync(file, text);
      writeFileSync(deployedFile(file), deployedText(deployed));
      expect(() => refuseLossesBeforeIds(file, landscapeOf(text))).not.toThrow();
      expect(() => refuseLosses(file, landscapeOf(text))).toThrow(/others have made it/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe("the lock file", () => {
  let folder: string;
  let landscapeFile: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-lock-"));
    landscapeFile = path.join(folder, "landscape.yaml");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (text: string) => writeFileSync(deployedFile(landscapeFile), text);

  it("is read as it was written, has a line for each entry, and is the same for the same landscape", () => {
    write(deployedText(deployed));
    expect(readDeployed(landscapeFile)).toEqual({ ok: true, value: deployed });
    const text = readFileSync(deployedFile(landscapeFile), "utf8");
    expect(text.split("\n").filter((line) => line.includes('"payments-prod"'))).toHaveLength(1);
    expect(deployedText(deployedOf(exampleLandscape(), deployed))).toBe(text);
  });

  it("is not there, and nothing is known", () => {
    expect(readDeployed(landscapeFile)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ["what a merge has left", "<<<<<<< HEAD\n{}", /is not JSON .*keep the lines of both sides/],
    ["a later version", '{ "version": 2 }', /2 is not 1.*use the version that wrote the file/],
    ["nothing at all", "null", /^is missing, so that this is no record.*restore the file/],
    ["an object without anything", "{}", /^is missing, so that this is no record/],
    ["a list", "[]", /^is missing, so that this is no record/],
    ["empty, as a full disk leaves it", "", /is not JSON/],
    [
      "two entries of one stack",
      deployedText({ ...deployed, stacks: [...deployed.stacks, ...deployed.stacks.slice(0, 1)] }),
      /"access" stands in stacks\.0 too: after a merge, join the two entries/,
    ],
    [
      "two entries of one account",
      deployedText({ ...deployed, accounts: [...deployed.accounts, { name: "other", id: "555555555555" }] }),
      /"555555555555" stands in accounts\.\d too/,
    ],
    [
      "an address whose account is missing",
      deployedText({
        ...withMade,
        accounts: withMade.accounts.filter(({ name }) => name !== "payments-prod"),
      }),
      /"aws_organizations_account\.account_payments_prod" has no entry with "made": true/,
    ],
    [
      "an address whose account no longer says that the kit has made it",
      deployedText({
        ...withMade,
        accounts: withMade.accounts.map(({ made, ...entry }) => entry),
      }),
      /has no entry with "made": true/,
    ],
    [
      "an address whose unit is missing",
      deployedText({ ...withMade, organizationalUnits: [] }),
      /"aws_organizations_organizational_unit\.unit_later" has no entry with "made": true/,
    ],
    [
      "a field of another kind",
      deployedText({ ...deployed, regions: [{ name: 7 as unknown as string }] }),
      /7: .*restore the file from version control/,
    ],
  ])("is refused with a remedy where it is %s", (_, text, message) => {
    write(text);
    const result = readDeployed(landscapeFile);
    expect(result.ok ? [] : result.problems.map((problem) => problem.message)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
  });

  it("is refused where it is a link that leads nowhere, and is not taken for missing", () => {
    symlinkSync(path.join(folder, "gone.json"), deployedFile(landscapeFile));
    const result = readDeployed(landscapeFile);
    expect(result.ok ? [] : result.problems.map((problem) => problem.message)).toEqual([
      expect.stringMatching(/can't be read .*ENOENT.*restore the file from version control/),
    ]);
  });

  it("has a line for each address, so that two branches that add one each merge", () => {
    const addresses = deployed.stacks.flatMap(({ kept = [], services = [] }) => [...kept, ...services]);
    expect(addresses.length).toBeGreaterThan(50);
    const lines = deployedText(deployed)
      .split("\n")
      .map((line) => line.trim().replace(/,$/, ""));
    for (const address of addresses) expect(lines).toContain(JSON.stringify(address));
  });

  it("is told of by validate where it is missing", () => {
    writeFileSync(landscapeFile, exampleWith());
    const validate = (...args: string[]) =>
      spawnSync(
        process.execPath,
        [path.join(repository, "bin/ir-kit.js"), "validate", landscapeFile, ...args],
        {
          encoding: "utf8",
          env: { ...process.env, NO_COLOR: "1" },
        },
      );
    expect(validate().stdout).toMatch(
      /^no lock file: .*left behind; npx ir-kit lock writes .*deployed\.lock\.json$/m,
    );
    expect(JSON.parse(validate("--json").stdout)).toMatchObject({ valid: true, lockFile: null });
    write(deployedText(deployed));
    expect(validate().stdout).not.toContain("no lock file");
    expect(JSON.parse(validate("--json").stdout)).toMatchObject({ lockFile: deployedFile(landscapeFile) });
  });

  it("has to know what is new before that is synthesized", () => {
    const smaller: Deployed = deployedOf(exampleLandscape([regions, "regions: [eu-west-1]"]));
    const out = path.join(folder, "out");
    expect(() => synthesize(exampleLandscape(), { deployed: smaller, directory: out })).toThrow(Unrecorded);
    expect(() => synthesize(exampleLandscape(), { deployed: smaller, directory: out })).toThrow(
      /region us-east-1, stack administrator-us-east-1/,
    );
    expect(deployedOf(exampleLandscape(), smaller)).toEqual(deployed);
  });

  it("has its findings at their lines of the landscape", () => {
    const text = exampleWith([regions, "regions: [eu-west-1]"]);
    writeFileSync(landscapeFile, text);
    const [problem] = placed(landscapeFile, compare(landscapeOf(text), deployed).findings);
    const line = text.slice(0, text.indexOf("regions: [eu-west-1]")).split("\n").length;
    expect(problem).toMatchObject({ file: landscapeFile, line, field: "regions" });
  });
});

describe("commands of a landscape that has lost a region", () => {
  it("are refused with file, line and remedy, and write nothing", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-lock-"));
    try {
      const file = path.join(folder, "landscape.yaml");
      writeFileSync(deployedFile(file), deployedText(deployed));
      writeFileSync(file, exampleWith([regions, "regions: [eu-west-1]"]));
      const before = readdirSync(folder);
      const remedy =
        /^\S+landscape\.yaml:16:10: regions: "us-east-1" is no longer among them.*state: retired/m;
      for (const program of [
        ["bin/ir-kit.js", "validate"],
        ["bin/synth.js"],
        ["bin/ir-kit.js", "bootstrap", "--yes"],
        ["bin/ir-kit.js", "lock"],
      ]) {
        const [entry = "", ...args] = program;
        const { status, stderr } = spawnSync(process.execPath, [path.join(repository, entry), ...args], {
          cwd: folder,
          encoding: "utf8",
          env: { ...process.env, IR_KIT_CONFIG: file, NO_COLOR: "1" },
        });
        expect([program, status, stderr]).toEqual([program, 2, expect.stringMatching(remedy)]);
      }
      // CDKTF makes the folder of an app before it is written.
      const stacks = path.join(folder, "cdktf.out", "stacks");
      expect(readdirSync(folder).filter((name) => name !== "cdktf.out")).toEqual(before);
      expect(existsSync(stacks) ? readdirSync(stacks) : []).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

describe("a unit that is listed without an id, and that somebody else has made", () => {
  it("is recorded as referenced, whatever was meant before, so that bootstrap may write its id", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-foreign-"));
    const file = path.join(directory, "landscape.yaml");
    const id = "ou-ab12-dev000001";
    const withoutId = landscapeOf(exampleWith([`, id: ${id}`, ""]));
    const unit = withoutId.organizationalUnits.find((one) => one.id === undefined);
    try {
      await recordDeployed(file, withoutId);
      await recordDeployed(file, withoutId, new Map([[unit?.path ?? "", id]]));
      const known = readDeployed(file);
      expect(known.ok && known.value?.organizationalUnits.find((one) => one.path === unit?.path)).toEqual({
        path: unit?.path,
        id,
      });
      expect(compare(exampleLandscape(), known.ok ? known.value : undefined).findings).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
