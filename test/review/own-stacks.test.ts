import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Review, review } from "../../review";
import { type Evaluation, evaluate } from "../../review/evaluate";
import { isRed, reportOf } from "../../review/report/model";
import { synthesize } from "../../stacks/synthesize";
import { allDoorsLandscape, exampleLandscape } from "../support/landscapes";
import { repository } from "../support/repository";
import { compiled } from "./examples";

const policies = path.join(repository, "policies");

describe.each([
  ["the example", exampleLandscape],
  ["an organization with every door", allDoorsLandscape],
])("the kit's own stacks, for %s", (_name, landscape) => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-own-"));
  let found: Review;

  beforeAll(async () => {
    const out = path.join(directory, "cdktf.out");
    synthesize(landscape(), out);
    found = await review({
      synthesized: out,
      ownRules: path.join(policies, "rules"),
      waivers: path.join(policies, "waivers.yaml"),
      today: new Date().toISOString().slice(0, 10),
    });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("pass the kit's own review, but for what is waived with a reason", () => {
    const report = reportOf(found);
    expect(report.findings.filter(({ verdict, waiver }) => verdict === "fail" && !waiver)).toEqual([]);
    expect(report.waivers).toEqual([]);
    expect(isRed(report, "low")).toBe(false);
  });

  it("are looked at: by most rules, and inside of templates too", () => {
    const applied = new Set(
      found.evaluations.filter(({ verdict }) => verdict === "pass").map(({ rule }) => rule.id),
    );
    expect(applied.size).toBeGreaterThan(15);
    const inTemplates = found.evaluations.filter(
      ({ verdict, resource }) => verdict === "pass" && resource?.type === "AWS::IAM::Role",
    );
    expect(inTemplates.length).toBeGreaterThan(5);
  });

  it("are judged by the rules that are kept as by those that are compiled anew", () => {
    const anew = evaluate(found.graph, compiled);
    const told = ({ rule, resource, verdict, messages }: Evaluation) => [
      rule.id,
      resource?.id,
      verdict,
      messages,
    ];
    expect(found.evaluations.map(told)).toEqual(anew.map(told));
  });

  it("leave little open until they are applied", () => {
    const unclear = found.evaluations.filter(({ verdict }) => verdict === "cannot-tell");
    expect(unclear.map(({ rule, resource }) => [rule.id, resource?.type])).toEqual(
      unclear.map(() => ["detector-on", "aws_guardduty_detector"]),
    );
  });
});
