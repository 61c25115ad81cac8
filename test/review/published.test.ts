import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { review } from "../../review";
import { type Report, reportOf } from "../../review/report/model";
import { controlId, oscalReport } from "../../review/report/oscal";
import { clausesOf } from "../../review/rules/frameworks";
import { type Framework, frameworks } from "../../review/rules/terms";
import { repository } from "../support/repository";
import { rules } from "./examples";

const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-published-"));
afterAll(() => rmSync(directory, { recursive: true }));

const json = (...names: string[]) => JSON.parse(readFileSync(path.join(repository, ...names), "utf8"));

async function reportOn(resource: object, before?: object): Promise<Report> {
  const write = (name: string, what: object) => {
    writeFileSync(path.join(directory, name), JSON.stringify({ resource: what }));
    return path.join(directory, name);
  };
  const found = await review({
    synthesized: write("main.tf.json", resource),
    ...(before && { since: write("before.tf.json", before) }),
    ownRules: path.join(repository, "policies", "rules"),
    today: "2026-12-01",
  });
  return reportOf(found);
}

const policy = (Action: string) => ({
  policy: JSON.stringify({ Statement: { Effect: "Allow", Action, Resource: "*" } }),
});
const mixed = () =>
  reportOn(
    {
      aws_s3_bucket: { logs: { bucket: "acme-logs" } },
      aws_sqs_queue: { jobs: { kms_master_key_id: "alias/a" }, open: { sqs_managed_sse_enabled: false } },
      aws_iam_policy: { p: policy("*"), late: { policy: "${terraform_data.late.output}" } },
    },
    { aws_iam_policy: { p: policy("s3:GetObject") } },
  );

const valid = (schema: object, value: unknown) => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return validate(value) ? [] : validate.errors;
};

describe("the report as JSON", () => {
  it("is what the published schema says", async () => {
    const schema = json("docs", "review-report.schema.json");
    const written = JSON.parse(JSON.stringify(await mixed()));
    expect(valid(schema, written)).toEqual([]);
    expect(valid(schema, { ...written, findings: [{}] })).not.toEqual([]);
    expect(valid(schema, { ...written, more: 1 })).not.toEqual([]);
  });
});

interface Oscal {
  readonly "assessment-results": {
    readonly results: readonly {
      readonly title: string;
      readonly observations: readonly {
        readonly uuid: string;
        readonly subjects: readonly { readonly title: string }[];
      }[];
      readonly findings: readonly {
        readonly target: {
          readonly "target-id": string;
          readonly status: { readonly state: string; readonly reason: string };
        };
        readonly "related-observations": readonly { readonly "observation-uuid": string }[];
      }[];
    }[];
  };
}

describe("the report as OSCAL assessment results", () => {
  const written = (report: Report, at = "2026-12-01T10:00:00Z"): Oscal =>
    JSON.parse(oscalReport(report, { version: "1.0.0", at })) as Oscal;
  const schema = json("test", "review", "schemas", "oscal-assessment-results-1.2.1.json");

  it("is valid by NIST's schema, of something and of nothing", async () => {
    expect(valid(schema, written(await mixed()))).toEqual([]);
    expect(valid(schema, written(await reportOn({})))).toEqual([]);
    expect(valid(schema, { "assessment-results": {} })).not.toEqual([]);
  });

  it("says of each control whether it is satisfied, by observations that are there", async () => {
    const { results } = written(await mixed())["assessment-results"];
    const nist = results.find(({ title }) => title === frameworks["nist-800-53-r5"]);
    const finding = (control: string) => nist?.findings.find(({ target }) => target["target-id"] === control);
    expect(finding("sc-13")?.target.status).toEqual({ state: "not-satisfied", reason: "fail" });
    const observed = new Map(nist?.observations.map((observation) => [observation.uuid, observation]));
    const places = finding("sc-13")?.["related-observations"].flatMap((each) =>
      observed.get(each["observation-uuid"])?.subjects.map(({ title }) => title),
    );
    expect(places).toEqual(expect.arrayContaining(["main/aws_sqs_queue.open", "main/aws_sqs_queue.jobs"]));
  });

  it("is the same for the same stacks, but for its times", async () => {
    const report = await mixed();
    const later = oscalReport(report, { version: "1.0.0", at: "2027-01-01T00:00:00Z" });
    expect(later.replaceAll("2027-01-01T00:00:00Z", "2026-12-01T10:00:00Z")).toBe(
      oscalReport(report, { version: "1.0.0", at: "2026-12-01T10:00:00Z" }),
    );
  });

  it("names controls as NIST's catalog does, and others by tokens", () => {
    expect(controlId("nist-800-53-r5", "SC-7(21)")).toBe("sc-7.21");
    expect(controlId("cis-aws-3.0", "2.1.1")).toBe("cis-aws-3.0_2.1.1");
  });
});

describe("frameworks", () => {
  const ids = Object.keys(frameworks) as Framework[];

  it.each(ids)("%s: every control that a rule serves is one of its clauses", (framework) => {
    const clauses = new Set(clausesOf(framework));
    const strangers = rules.flatMap(({ id, controls }) =>
      (controls[framework] ?? [])
        .filter((control) => !clauses.has(control))
        .map((control) => `${id}: ${control}`),
    );
    expect(strangers).toEqual([]);
    expect(clauses.size).toBe(clausesOf(framework).length);
  });

  it("say which clauses no rule serves, whichever rules were asked", async () => {
    const found = await review({
      synthesized: path.join(directory, "main.tf.json"),
      ownRules: path.join(repository, "policies", "rules"),
      selected: ({ id }) => id === "queue-encrypted",
      today: "2026-12-01",
    });
    const csf = reportOf(found).frameworks.find(({ id }) => id === "nist-csf-2.0");
    expect(csf?.unserved).toContain("GV.OC-01");
    expect(csf?.unserved).not.toContain("PR.AA-05");
    expect(csf?.unserved.length).toBeGreaterThan(80);
  });
});
