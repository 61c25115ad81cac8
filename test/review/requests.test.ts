import fc from "fast-check";
import { simulate } from "../../cli/access/simulate";
import { actionsToAsk } from "../../review/change/actions";
import { matchesGlob, regionsOf } from "../../review/change/globs";
import { type Differences, differencesBetween, type Request } from "../../review/change/requests";
import { policiesOf, type Statement } from "../../review/policies";

const bucket = "arn:aws:s3:::b/";
const actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const account = "111122223333";

const conditionBlock = fc.oneof(
  fc.record({
    StringEquals: fc.record({ "aws:PrincipalTag/team": fc.subarray(["a", "b", "ab"], { minLength: 1 }) }),
  }),
  fc.record({
    StringNotLike: fc.record({ "aws:PrincipalTag/team": fc.subarray(["a*", "*b", "c?"], { minLength: 1 }) }),
  }),
  fc.record({ StringLikeIfExists: fc.record({ "aws:PrincipalTag/team": fc.constantFrom("a*", "*b") }) }),
  fc.record({ Bool: fc.record({ "aws:SecureTransport": fc.constantFrom("true", "false") }) }),
  fc.record({ BoolIfExists: fc.record({ "aws:SecureTransport": fc.constantFrom("true", "false") }) }),
  fc.record({ Null: fc.record({ "aws:PrincipalTag/team": fc.constantFrom("true", "false") }) }),
  fc.record({
    IpAddress: fc.record({
      "aws:SourceIp": fc.subarray(["10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24"], { minLength: 1 }),
    }),
  }),
  fc.record({ NotIpAddress: fc.record({ "aws:SourceIp": fc.constantFrom("10.0.0.0/9", "10.128.0.0/9") }) }),
  fc.record({
    DateLessThan: fc.record({
      "aws:CurrentTime": fc.constantFrom("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    }),
  }),
);

const written = fc
  .record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    actions: fc.oneof(
      fc.record({ Action: fc.subarray([...actions, "s3:*", "s3:Get*", "s3:?etObject"], { minLength: 1 }) }),
      fc.record({ NotAction: fc.subarray(actions, { minLength: 1 }) }),
    ),
    resources: fc.oneof(
      fc.record({
        Resource: fc.subarray(
          ["*", `${bucket}*`, `${bucket}a*`, `${bucket}*b`, `${bucket}?b`, `${bucket}ab`],
          {
            minLength: 1,
          },
        ),
      }),
      fc.record({ NotResource: fc.subarray([`${bucket}a*`, `${bucket}*b`], { minLength: 1 }) }),
    ),
    Condition: fc.option(conditionBlock, { nil: undefined }),
  })
  .map(({ Effect, actions: what, resources, Condition }) => ({
    Effect,
    ...what,
    ...resources,
    ...(Condition && { Condition }),
  }));

const policy = fc.array(written, { minLength: 1, maxLength: 4 });

const statementsOf = (statements: readonly unknown[]): readonly Statement[] =>
  policiesOf({
    id: "s/a",
    configured: "s/a",
    stack: "s",
    address: "a",
    type: "aws_iam_policy",
    construct: undefined,
    attributes: { policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) },
    references: new Map(),
  }).flatMap((document) => document.statements ?? []);

type Asked = Pick<Request, "action" | "resource" | "context">;

const keys: Readonly<Record<string, string>> = {
  "aws:principaltag/team": "aws:PrincipalTag/team",
  "aws:securetransport": "aws:SecureTransport",
  "aws:sourceip": "aws:SourceIp",
  "aws:currenttime": "aws:CurrentTime",
};

/** What an implementation that is not ours decides. */
async function decided(
  { action, resource, context }: Asked,
  statements: readonly unknown[],
): Promise<string> {
  const { verdict } = await simulate({
    principal: `arn:aws:iam::${account}:role/r`,
    action,
    resource,
    account,
    context: Object.fromEntries(
      Object.entries(context).map(([key, values]) => [keys[key] ?? key, values[0] ?? ""]),
    ),
    identityPolicies: [{ Version: "2012-10-17", Statement: statements }],
  });
  return verdict;
}

const request = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom("ab", "b", "a", "xb", "other").map((key) => `${bucket}${key}`),
  context: fc
    .record({
      "aws:principaltag/team": fc.option(fc.constantFrom("a", "b", "ab", "cx", "z"), { nil: undefined }),
      "aws:securetransport": fc.option(fc.constantFrom("true", "false"), { nil: undefined }),
      "aws:sourceip": fc.option(fc.constantFrom("10.1.2.3", "10.200.0.1", "192.0.2.7", "203.0.113.1"), {
        nil: undefined,
      }),
      "aws:currenttime": fc.constantFrom(
        "2025-06-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2028-06-01T00:00:00Z",
      ),
    })
    .map((said) =>
      Object.fromEntries(
        Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, [value]]])),
      ),
    ),
});

type Kind = Exclude<keyof Differences, "undecided">;

const kindsOf = (old: string, now: string): Kind[] => [
  ...(now === "allowed" ? ["newlyAllowed" as const] : []),
  ...(old === "allowed" ? ["noLongerAllowed" as const] : []),
  ...(now === "denied" ? ["newlyDenied" as const] : []),
  ...(old === "denied" ? ["noLongerDenied" as const] : []),
];

const between = (before: readonly unknown[], after: readonly unknown[]) =>
  differencesBetween([statementsOf(before)], [statementsOf(after)], actions);

describe("differences between policies", () => {
  it("are all that an independent simulator finds, whatever is asked", async () => {
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(
        policy,
        policy,
        fc.array(request, { minLength: 5, maxLength: 5 }),
        async (before, after, asked) => {
          const told = between(before, after);
          expect(told.undecided).toEqual([]);
          for (const each of asked) {
            const [old, now] = [await decided(each, before), await decided(each, after)];
            if (old === now || old === "cannot-tell" || now === "cannot-tell") continue;
            differing += 1;
            for (const kind of kindsOf(old, now)) {
              expect(told[kind].map(({ action }) => action)).toContain(each.action);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(differing).toBeGreaterThan(100);
  });

  it("come with requests of which the simulator says the same", async () => {
    let confirmed = 0;
    await fc.assert(
      fc.asyncProperty(policy, policy, async (before, after) => {
        const told = between(before, after);
        const kinds = [
          ["newlyAllowed", after, "allowed"],
          ["noLongerAllowed", before, "allowed"],
          ["newlyDenied", after, "denied"],
          ["noLongerDenied", before, "denied"],
        ] as const;
        for (const [kind, statements, verdict] of kinds) {
          const other = statements === after ? before : after;
          for (const each of told[kind].filter(
            ({ resource }) => resource.startsWith(bucket) && resource !== bucket,
          )) {
            expect([kind, each, await decided(each, statements)]).toEqual([kind, each, verdict]);
            expect([kind, each, await decided(each, other)]).not.toEqual([kind, each, verdict]);
            confirmed += 1;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(confirmed).toBeGreaterThan(100);
  });

  it("are none where the same is said otherwise", () => {
    const one = [{ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: `${bucket}*` }];
    const split = [
      { Effect: "Allow", Action: "s3:putobject", Resource: [`${bucket}*`, `${bucket}a`] },
      { Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}*` },
      { Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}x*` },
    ];
    expect(between(one, split)).toEqual({
      newlyAllowed: [],
      noLongerAllowed: [],
      newlyDenied: [],
      noLongerDenied: [],
      undecided: [],
    });
  });

  it("stay untold where an operator is not AWS's", () => {
    const [told] = between(
      [],
      [
        {
          Effect: "Allow",
          Action: "*",
          Resource: "*",
          Condition: { Wishes: { "aws:SourceIp": "10.0.0.0/8" } },
        },
      ],
    ).undecided;
    expect(told?.why).toContain("what the operator Wishes holds of is not known");
  });
});

describe("regions of patterns", () => {
  it("tell apart every two texts that a pattern tells apart", () => {
    const pattern = fc
      .array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 5 })
      .map((signs) => signs.join(""));
    const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 }).map((signs) => signs.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 4 }), text, (patterns, given) => {
        const regions = regionsOf(patterns) ?? [];
        const signature = patterns.map((each) => asExpression(each).test(given));
        expect(regions.map(({ matches }) => matches)).toContainEqual(signature);
        for (const { example, matches } of regions) {
          expect(patterns.map((each) => asExpression(each).test(example))).toEqual(matches);
        }
        expect(patterns.map((each) => matchesGlob(each, given))).toEqual(signature);
      }),
      { numRuns: 500 },
    );
  });

  it("end where there are too many", () => {
    const patterns = Array.from({ length: 24 }, (_, at) => `*${String.fromCharCode(97 + at)}*`);
    expect(regionsOf(patterns)).toBeUndefined();
  });

  const asExpression = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
});

describe("actions to ask", () => {
  it("are AWS's own of each service that is named, and what stands for what AWS may add", async () => {
    const asked = await actionsToAsk(
      statementsOf([{ Effect: "Allow", Action: ["kms:De*", "*"], Resource: "*" }]),
    );
    expect(asked).toEqual(expect.arrayContaining(["kms:Decrypt", "kms:De~AddedLater"]));
    expect(asked.filter((action) => action.startsWith("every other"))).toHaveLength(1);
    expect(asked.filter((action) => action.startsWith("s3:"))).toEqual([]);
  });
});
