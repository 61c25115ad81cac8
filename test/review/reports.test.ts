import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import AjvDraft4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { review } from "../../review";
import { htmlReport, readPageParts } from "../../review/report/html";
import { junitReport } from "../../review/report/junit";
import { markdownReport } from "../../review/report/markdown";
import { isRed, type Report, reportOf } from "../../review/report/model";
import { oscalReport } from "../../review/report/oscal";
import { sarifReport } from "../../review/report/sarif";
import { terminalReport } from "../../review/report/terminal";
import { repository } from "../support/repository";

const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-reports-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function reportOn(resource: object, name = "main"): Promise<Report> {
  const file = path.join(directory, `${name}.tf.json`);
  writeFileSync(file, JSON.stringify({ resource }));
  const ownRules = path.join(repository, "policies", "rules");
  return reportOf(await review({ synthesized: file, ownRules, today: "2026-12-01" }));
}

const late = "${terraform_data.late.output}";
const mixed = () =>
  reportOn({
    aws_s3_bucket: { logs: { bucket: "acme-logs" } },
    aws_sqs_queue: { jobs: { kms_master_key_id: "alias/a" }, open: { sqs_managed_sse_enabled: false } },
    aws_iam_policy: { late: { policy: late } },
  });

/** Would move a cursor, end a tag, a cell or a string, or show a text as another. */
const evil = "\u001b[2J<script>alert(1)</script>|`${x}` [a](http://b) ]]>\u202e\"'&\u0000";
const named = () => reportOn({ aws_iam_access_key: { [evil]: { user: "a" } } });

const formats: Record<string, (report: Report) => string> = {
  terminal: (report) => terminalReport(report, false),
  json: (report) => JSON.stringify(report),
  sarif: (report) => sarifReport(report, "1.0.0"),
  junit: junitReport,
  markdown: markdownReport,
  oscal: (report) => oscalReport(report, { version: "1.0.0", at: "2026-12-01T00:00:00Z" }),
  html: (report) => htmlReport(report, readPageParts(path.join(repository, "review", "report", "page"))),
};

describe("a report", () => {
  it("counts what failed, passed and cannot be told", async () => {
    const { summary, findings } = await mixed();
    expect(summary).toMatchObject({ resources: 4, passed: 1, failed: 6, waived: 0 });
    expect(findings[0]).toMatchObject({
      rule: "s3-bucket-blocks-public-access",
      severity: "high",
      stack: "main",
    });
    const unclear = findings.filter(({ verdict }) => verdict === "cannot-tell").map(({ rule }) => rule);
    expect(unclear).toContain("iam-policy-grants-not-everything");
  });

  it("says of each control which rules serve it, and how they found it", async () => {
    const fsbp = (await mixed()).frameworks.find(({ id }) => id === "aws-fsbp");
    expect(fsbp?.controls.find(({ control }) => control === "S3.8")).toEqual({
      control: "S3.8",
      rules: ["s3-bucket-blocks-public-access"],
      passed: 0,
      failed: 1,
      cannotTell: 0,
    });
  });

  it("is red by severity", async () => {
    expect(isRed(await mixed(), "high")).toBe(true);
    expect(isRed(await mixed(), "critical")).toBe(false);
    expect(
      isRed(
        { ...(await mixed()), findings: [], waivers: [{ rule: "a", resource: "b", problem: "c" }] },
        "critical",
      ),
    ).toBe(true);
  });

  it.each(Object.keys(formats))("as %s is the same for the same input", async (format) => {
    expect(formats[format]?.(await mixed())).toBe(formats[format]?.(await mixed()));
  });

  it.each(Object.keys(formats))("as %s names no value of a resource", async (format) => {
    const report = await reportOn({
      aws_db_instance: { d: { instance_class: "db.t4g.micro", password: "hunter2-p4ss" } },
    });
    expect(report.findings.length).toBeGreaterThan(0);
    expect(formats[format]?.(report)).not.toContain("hunter2");
  });

  it.each(Object.keys(formats))(
    "as %s holds no character that does something, whatever a name brings",
    async (format) => {
      const text = formats[format]?.(await named()) ?? "";
      expect(text).toContain("access key is made");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\uffff]/);
    },
  );

  describe("as SARIF", () => {
    const schema = JSON.parse(
      readFileSync(
        path.join(
          path.dirname(require.resolve("@microsoft/jest-sarif/package.json")),
          "lib/schemas/sarif-2.1.0-rtm.5.json",
        ),
        "utf8",
      ),
    ) as object;
    const ajv = new AjvDraft4({ strict: false, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(schema);

    it.each([
      ["mixed", mixed],
      ["with an evil name", named],
      ["empty", () => reportOn({})],
    ])("is valid by the official schema: %s", async (_name, make) => {
      const valid = validate(JSON.parse(sarifReport(await make(), "1.0.0")));
      expect(validate.errors ?? []).toEqual([]);
      expect(valid).toBe(true);
    });

    it("leads to the line that made a resource, where that is recorded", async () => {
      const report = await reportOn({
        aws_iam_access_key: {
          k: {
            user: "a",
            "//": {
              metadata: { path: "people/key", stackTrace: ["new People (/app/my stacks/people.ts:3:9)"] },
            },
          },
        },
      });
      const { runs } = JSON.parse(sarifReport(report, "1.0.0"));
      expect(runs[0].results[0].locations[0].physicalLocation).toEqual({
        artifactLocation: { uri: "/app/my%20stacks/people.ts" },
        region: { startLine: 3 },
      });
      expect(terminalReport(report, false)).toContain("(people/key, /app/my stacks/people.ts:3)");
      expect(formats.html?.(report)).toContain("/app/my stacks/people.ts:3</dd>");
    });

    it("tells what is waived as suppressed, and what cannot be told apart", async () => {
      const report = await mixed();
      const waiver = { reason: "as intended, by whom it concerns", owner: "a", expires: "2027-01-01" };
      const [first, ...others] = report.findings;
      const waived = { ...report, findings: first ? [{ ...first, waiver }, ...others] : [] };
      const { runs } = JSON.parse(sarifReport(waived, "1.0.0"));
      expect(runs[0].results[0].suppressions).toEqual([
        { kind: "external", status: "accepted", justification: waiver.reason },
      ]);
      expect(runs[0].results.filter(({ kind }: { kind: string }) => kind === "review")).toHaveLength(
        report.summary.cannotTell,
      );
    });
  });

  it("as Markdown stays within a comment, however much there is to say", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`${"very_long_name_".repeat(10)}${index}`, { user: "a" }]),
    );
    const text = markdownReport(await reportOn({ aws_iam_access_key: many }));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("and 2900 more");
    expect(text).toContain("3000 to change");
  });

  it("as Markdown shows markup as it is written", async () => {
    const text = markdownReport(await named());
    expect(text).not.toContain("<script>");
    expect(text).not.toContain("](http://b)");
  });

  it("as JUnit is XML with a case for each finding", async () => {
    const text = junitReport(await named());
    expect(text).toContain("&lt;script&gt;");
    expect(text).not.toContain("<script>");
    expect(junitReport(await mixed()).match(/<failure /g)).toHaveLength(6);
    expect(junitReport(await reportOn({})).match(/<testcase /g)).toHaveLength(1);
  });

  it("on a terminal groups by rule, and names so many places only", async () => {
    const keys = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, { user: "a" }]));
    const text = terminalReport(await reportOn({ aws_iam_access_key: keys }), false);
    expect(text).toContain("HIGH No access keys are made by Terraform iam-no-user-keys");
    expect(text).toContain("… and 12 more");
    expect(text.split("\n").length).toBeLessThan(30);
  });
});
