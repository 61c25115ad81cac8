import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { recordDeployed } from "../../cli/deployed";
import { withoutGone } from "../../cli/lock";
import { deployedFile, deployedText, readDeployed } from "../../landscape/deployed/file";
import { placed } from "../../landscape/deployed/place";
import type { Deployed } from "../../landscape/deployed/schema";
import { planStacks } from "../../stacks";
import { givingUp } from "../../stacks/giving-up";
import { compare, synthesize, Unrecorded } from "../../stacks/synthesize";
import { deployedOf } from "../support/deployed";
import { exampleLandscape, exampleWith, landscapeOf } from "../support/landscapes";
import { repository } from "../support/repository";

const deployed = deployedOf(exampleLandscape());
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
          expect.stringContaining("take its line out"),
        ],
      },
    ]);
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
    ["nothing at all", "null", /is not 1/],
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
