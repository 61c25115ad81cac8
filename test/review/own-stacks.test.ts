import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Review, review } from "../../review";
import { type Evaluation, evaluate } from "../../review/evaluate";
import { isRed, reportOf } from "../../review/report/model";
import type { Check } from "../../review/rules/rule";
import { synthesize } from "../../stacks/synthesize";
import { allDoorsLandscape, exampleLandscape } from "../support/landscapes";
import { repository } from "../support/repository";
import { compiled, rules } from "./examples";

const policies = path.join(repository, "policies");

/** Why no rule is about a type. */
const nothingToSay: Readonly<Record<string, string>> = {
  "AWS::Config::DeliveryChannel": "CloudFormation refuses a recorder without one",
  "AWS::IAM::InstanceProfile": "what a machine may do is its role's",
  "AWS::SSM::Document": "templates cannot share a document",
  aws_athena_named_query: "text that somebody may run with rights of their own",
  aws_cloudformation_stack: "what it makes is judged inside of it",
  aws_cloudformation_stack_set_instance: "where a stack set goes",
  aws_glue_catalog_database: "a name",
  aws_glue_catalog_table: "where files stand and how they are read",
  aws_guardduty_organization_admin_account: "which account administers is for the organization to say",
  aws_guardduty_publishing_destination: "the provider wants a key and a bucket, which are judged themselves",
  aws_iam_instance_profile: "what a machine may do is its role's",
  aws_iam_saml_provider: "who may come by it is said by roles that trust it",
  aws_iam_user: "what users may do is their policies'",
  aws_inspector2_delegated_admin_account: "which account administers is for the organization to say",
  aws_inspector2_enabler: "the provider wants at least one type, and members' types are judged",
  aws_kms_alias: "a name",
  aws_lambda_function_event_invoke_config: "where a failed event goes; the queue is judged itself",
  aws_macie2_organization_admin_account: "which account administers is for the organization to say",
  aws_organizations_delegated_administrator: "which account administers is for the organization to say",
  aws_ram_principal_association: "the share says whether strangers may be invited",
  aws_route53_resolver_query_log_config: "where it delivers is judged there",
  aws_route_table_association: "which subnet a table is for",
  aws_securityhub_account: "what it checks is said by policies of configuration",
  aws_securityhub_automation_rule: "how findings are sorted is for the organization to say",
  aws_securityhub_organization_admin_account: "which account administers is for the organization to say",
  terraform_data: "not of AWS",
};

const askedFor = (check: Check): readonly string[] =>
  check.kind === "companion"
    ? [...check.types, ...check.companion.types]
    : check.kind === "presence"
      ? check.types
      : [];

describe.each([
  ["the example", exampleLandscape],
  ["an organization with every door", allDoorsLandscape],
])("the kit's own stacks, for %s", (_name, landscape) => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-own-"));
  let found: Review;

  beforeAll(async () => {
    const out = path.join(directory, "cdktf.out");
    synthesize(landscape(), { deployed: undefined, directory: out });
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

  it("have no resource of a type that no rule judges, but for those of which nothing is to be said", () => {
    const judged = new Set([
      ...found.evaluations
        .filter(({ verdict }) => verdict !== "not-applicable")
        .map(({ resource }) => resource?.type),
      ...rules.flatMap(({ checks }) => checks.flatMap(askedFor)),
    ]);
    const unjudged = new Set(
      found.graph.resources.map(({ type }) => type).filter((type) => !judged.has(type)),
    );
    expect([...unjudged].filter((type) => !(type in nothingToSay)).toSorted()).toEqual([]);
    expect(Object.keys(nothingToSay).filter((type) => judged.has(type))).toEqual([]);
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
