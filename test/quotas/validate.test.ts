import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatProblem } from "../../landscape";
import { guardrails } from "../../policies/guardrails";
import { limitOf } from "../../quotas";
import { repository } from "../support/repository";
import { extremeText } from "./extreme-text";
import { type Extreme, largest, mostOf, validated } from "./extremes";

const problems = (extreme: Extreme): string[] => {
  const result = validated(extreme);
  return result.ok ? [] : result.problems.map(formatProblem);
};

const withAmounts = (amounts: Partial<Extreme["amounts"]>, changes: Partial<Extreme> = {}): Extreme => ({
  ...largest,
  ...changes,
  amounts: { ...largest.amounts, noise: 1, members: 1, ...amounts },
});

describe("a landscape that makes a document too long", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-limits-"));
  const file = path.join(folder, "landscape.yaml");
  writeFileSync(file, extremeText(withAmounts({ exceptions: 300 })));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["validate", ["bin/ir-kit.js", "validate", file]],
    ["synthesis", ["bin/synth.js"]],
  ])("is refused by %s, with its field", (_, argv) => {
    const { status, stderr } = spawnSync(process.execPath, argv, {
      cwd: repository,
      encoding: "utf8",
      env: { ...process.env, IR_KIT_CONFIG: file, CDKTF_OUTDIR: path.join(folder, "out") },
    });
    expect(stderr).toContain("access.guardrails.perimeter.exceptions: lists 300 accounts");
    expect(status).toBe(2);
    expect(existsSync(path.join(folder, "out"))).toBe(false);
  });
});

describe("validate says beforehand what AWS would refuse", () => {
  it("takes the largest", () => expect(problems(largest)).toEqual([]));

  it("of exceptions to the perimeter", () => {
    expect(problems(withAmounts({ exceptions: 300 }))).toEqual([
      expect.stringMatching(
        /^extreme\.yaml:.*access\.guardrails\.perimeter\.exceptions: lists 300 accounts.*would come to \d+ \(bytes\); AWS takes 5120/,
      ),
    ]);
    const most = mostOf(0, 500, (exceptions) => withAmounts({ exceptions }));
    const { value } = validated(withAmounts({ exceptions: most })) as {
      value: Parameters<typeof guardrails>[0];
    };
    const perimeter = guardrails(value).find(({ id }) => id === "data-perimeter");
    const size = Buffer.byteLength(JSON.stringify(perimeter?.document));
    // Nothing is refused that fits: an exception takes 15 bytes in each of two statements.
    expect(limitOf("control-policy-size") - size).toBeLessThan(30);
  });

  it("of users, by their trust and the alarms that name them", () => {
    expect(problems(withAmounts({ users: 137, userNameLength: 64 }))).toEqual([
      expect.stringMatching(
        /access\.doors: names 137 IAM users with 8768 characters.*AWS takes \d+.*list fewer users/,
      ),
    ]);
    expect(problems(withAmounts({ users: 10, userNameLength: 20 }, { onlyUsers: true }))).toEqual([]);
  });

  it("of regions that a guardrail lists", () => {
    const regions = [
      ...["eu-west-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
      ...["eu-central-1", "eu-west-2", "eu-west-3", "eu-north-1", "ap-northeast-1", "ap-northeast-2"],
      ...["ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "af-south-1", "ap-east-1"],
      ...["ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"],
      ...["ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1"],
      ...["me-central-1", "me-south-1", "mx-central-1"],
    ];
    expect(problems(withAmounts({}, { regions }))).toEqual([
      expect.stringMatching(
        /access\.guardrails\.unwatchedRegions: lists all 34 watched regions.*choose allow/,
      ),
    ]);
    expect(problems(withAmounts({}, { regions, unwatchedRegions: "allow" }))).toEqual([]);
  });

  it("of the parameter that names the golden image", () => {
    expect(problems(withAmounts({ imageLength: 900 }))).toEqual([
      expect.stringMatching(
        /forensics\.machines\.recovery\.image: has 900 characters.*ir-evidence may do.*AWS takes 6144/,
      ),
    ]);
  });

  it("of the name of the role that deploys", () => {
    expect(problems(withAmounts({}, { deployRole: "D".repeat(64) }))).toEqual([
      expect.stringMatching(/deployRole: has 64 characters.*use a role with a shorter name/),
    ]);
  });

  it("of the organization's name, by the names of buckets", () => {
    expect(problems(withAmounts({}, { organizationName: "a2345678901234567x" }))).toEqual([
      expect.stringMatching(
        /organization\.name: "a2345678901234567x" has 18 characters and makes a bucket's name of 65 .*evidence-access.*S3 takes 63: use at most 16/,
      ),
    ]);
    // Where names of regions are shorter, the organization's may be longer.
    expect(
      problems(withAmounts({}, { organizationName: "a2345678901234567x", regions: ["eu-west-1"] })),
    ).toEqual([]);
  });

  it("and nothing beside a landing zone, whose roles make guardrails longer: they are parted", () => {
    for (const landingZone of ["control-tower", "lza"] as const) {
      const result = validated(withAmounts({}, { landingZone }));
      if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
      const all = guardrails(result.value);
      expect(all.map(({ id }) => id)).toContain("protect-more");
      const statements = all
        .filter(({ id }) => id.startsWith("protect-"))
        .flatMap(({ document }) => document.Statement);
      const whole = guardrails({ ...result.value, landingZone: "none" })
        .filter(({ id }) => id.startsWith("protect-"))
        .flatMap(({ document }) => document.Statement);
      expect(statements.map(({ Sid }) => Sid).sort()).toEqual(whole.map(({ Sid }) => Sid).sort());
    }
  });
});
