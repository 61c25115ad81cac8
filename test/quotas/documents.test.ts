import type { Landscape } from "../../landscape";
import { quotas } from "../../quotas";
import { uncovered } from "../../quotas/coverage";
import { isBroken, type Reading } from "../../quotas/reading";
import { readingsOf, worstFirst } from "../../quotas/readings";
import type { StackJson } from "../../quotas/stacks";
import { allDoorsLandscape, exampleLandscape, synthesized } from "../support/landscapes";
import { type Extreme, extremeLandscape, largest, mostOf } from "./extremes";

const stacksOf = (landscape: Landscape): Map<string, StackJson> =>
  new Map([...synthesized(landscape).texts].map(([name, text]) => [name, JSON.parse(text) as StackJson]));

const told = (readings: readonly Reading[]): string[] =>
  readings
    .filter(isBroken)
    .map(({ quota, used, where, misfit }) => `${quota.id}: ${misfit ?? used} of ${quota.limit}, ${where}`);

const withAmounts = (extreme: Extreme, amounts: Partial<Extreme["amounts"]>): Extreme => ({
  ...extreme,
  amounts: { ...extreme.amounts, ...amounts },
});

/** Users, their names, and exceptions: of each as much as `validate` lets through. */
function full(extreme: Extreme): Extreme {
  const users = mostOf(2, 200, (many) => withAmounts(extreme, { users: many }));
  const named = withAmounts(extreme, { users });
  const userNameLength = mostOf(20, 65, (many) => withAmounts(named, { userNameLength: many }));
  const whole = withAmounts(named, { userNameLength });
  return withAmounts(whole, {
    exceptions: mostOf(1, 500, (many) => withAmounts(whole, { exceptions: many })),
    imageLength: mostOf(20, 500, (many) => withAmounts(whole, { imageLength: many })),
  });
}

const landscapes: readonly (readonly [string, () => Landscape])[] = [
  ["the example", () => exampleLandscape()],
  ["the example with every door", allDoorsLandscape],
  ["the largest that validate lets through", () => extremeLandscape(full(largest))],
  [
    "the largest beside a landing zone",
    () =>
      extremeLandscape(
        full({
          ...largest,
          landingZone: "lza",
          onlyUsers: true,
          regions: largest.regions.slice(0, 2),
          amounts: { ...largest.amounts, noise: 1, members: 1 },
        }),
      ),
  ],
  [
    "the largest with the longest ARNs, account by account",
    () =>
      extremeLandscape(
        full({
          ...largest,
          partition: "aws-us-gov",
          // As long as those that AWS gives: with a longer one `validate` refuses the name of the organization.
          organizationId: "o-a1b2c3d4e5",
          onlyUsers: true,
          distribution: "direct",
          regions: ["us-gov-west-1", "us-gov-east-1"],
          amounts: { ...largest.amounts, noise: 1, members: 1 },
        }),
      ),
  ],
];

const measured = new Map<string, Reading[]>();
const readingsIn = (name: string, landscape: () => Landscape): Reading[] => {
  const known = measured.get(name);
  if (known !== undefined) return known;
  const stacks = stacksOf(landscape());
  // Nothing passes by being overlooked.
  expect(uncovered(stacks)).toEqual([]);
  const readings = readingsOf(stacks);
  measured.set(name, worstFirst(readings).concat(readings.filter(isBroken)));
  return measured.get(name) ?? [];
};

describe("every synthesized document keeps AWS's quotas", () => {
  it.each(landscapes)("in %s", (name, landscape) => {
    expect(told(readingsIn(name, landscape))).toEqual([]);
  });

  it("and each quota is held against something, or says why it can't be", () => {
    const held = new Set(
      landscapes.flatMap(([name, landscape]) => readingsIn(name, landscape).map(({ quota }) => quota.id)),
    );
    const idle = [...quotas.values()]
      .filter(({ id, notMeasured }) => !held.has(id) && notMeasured === undefined)
      .map(({ id }) => id);
    expect(idle).toEqual([]);
  });

  it("and what is said not to be measured is not", () => {
    const held = new Set([...measured.values()].flat().map(({ quota }) => quota.id));
    const measurable = [...quotas.values()].filter(
      ({ id, notMeasured }) => held.has(id) && notMeasured !== undefined,
    );
    expect(measurable).toEqual([]);
  });
});

describe("what no table knows", () => {
  const stack = (type: string, attributes: Record<string, unknown>) =>
    new Map<string, StackJson>([["one", { resource: { [type]: { thing: attributes } } }]]);

  it("is refused: a type", () => {
    expect(uncovered(stack("aws_unheard_of", { name: "a" }))).toEqual([
      expect.stringContaining("aws_unheard_of: not in quotas/resources"),
    ]);
  });

  it.each([
    ["name", "n"],
    ["access_policy", "{}"],
    ["event_pattern", "{}"],
    ["anything", "longer than a word of AWS's own, and so something somebody wrote"],
  ])("is refused: an attribute such as %s", (attribute, value) => {
    expect(uncovered(stack("aws_vpc", { [attribute]: value }))).toEqual([
      expect.stringContaining(`aws_vpc ${attribute}: no quota`),
    ]);
  });

  it("is not what refers to something else, or an ARN", () => {
    expect(
      uncovered(stack("aws_vpc", { name: "${aws_vpc.other.name}", policy: "arn:aws:iam::1:policy/a" })),
    ).toEqual([]);
  });
});

describe("a document beyond a quota is found", () => {
  const broken = (type: string, attributes: Record<string, unknown>): string[] =>
    told(readingsOf(new Map([["one", { resource: { [type]: { thing: attributes } } }]])));

  const policy = (characters: number): string => JSON.stringify({ Statement: "x".repeat(characters) });

  it.each<readonly [string, string, Record<string, unknown>]>([
    [
      "control-policy-size",
      "aws_organizations_policy",
      { content: policy(5_120), type: "SERVICE_CONTROL_POLICY" },
    ],
    ["managed-policy-size", "aws_iam_policy", { policy: policy(6_144) }],
    ["trust-policy-size", "aws_iam_role", { assume_role_policy: policy(2_048) }],
    ["bucket-policy", "aws_s3_bucket_policy", { policy: policy(20_480) }],
    ["key-policy", "aws_kms_key", { policy: policy(32_768) }],
    ["function-environment", "aws_lambda_function", { environment: { variables: { A: "x".repeat(4_096) } } }],
    ["user-data", "aws_launch_template", { user_data: Buffer.alloc(16_385).toString("base64") }],
    [
      "event-pattern-size",
      "aws_cloudwatch_event_rule",
      { event_pattern: JSON.stringify({ source: ["x".repeat(2_048)] }) },
    ],
    [
      "rule-complexity",
      "aws_cloudwatch_event_rule",
      { event_pattern: '{"a":[{"wildcard":"a*a*a*a*a*a*"}]}' },
    ],
    ["bucket-name", "aws_s3_bucket", { bucket: "x".repeat(64) }],
    ["bucket-name", "aws_s3_bucket", { bucket: "Capital" }],
    ["iam:CreateRole.RoleName", "aws_iam_role", { name: "x".repeat(65) }],
    ["security-group-description", "aws_security_group", { description: "machines' own" }],
    ["iam:CreateRole.Tags[].Value", "aws_vpc", { tags: { phone: "(555)" } }],
  ])("%s in %s", (id, type, attributes) => {
    expect(broken(type, attributes)).toEqual([expect.stringContaining(`${id}: `)]);
  });

  it("in a template inside", () => {
    const template = {
      Resources: {
        Role: {
          Type: "AWS::IAM::Role",
          Properties: { RoleName: { "Fn::Sub": `${"x".repeat(53)}\${AWS::AccountId}` } },
        },
      },
    };
    expect(
      broken("aws_cloudformation_stack", {
        template_body: JSON.stringify(template).replaceAll("${", () => "$${"),
      }),
    ).toEqual([expect.stringContaining("iam:CreateRole.RoleName: 65 of 64")]);
  });

  it("and counted over several resources", () => {
    const attachment = { role: "${aws_iam_role.one.name}", policy_arn: "${aws_iam_policy.one.arn}" };
    const attachments = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`a${index}`, attachment]),
    );
    expect(
      told(readingsOf(new Map([["one", { resource: { aws_iam_role_policy_attachment: attachments } }]]))),
    ).toEqual([expect.stringContaining("managed-policies-per-role: 11 of 10")]);
  });
});
