import { allDoorsLandscape, exampleLandscape, synthesized } from "../support/landscapes";

interface Stack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly removed?: readonly { readonly from: string; readonly lifecycle: { readonly destroy: boolean } }[];
}

const stacksOf = (landscape: ReturnType<typeof exampleLandscape>): Stack[] =>
  [...synthesized(landscape).texts.values()].map((text) => JSON.parse(text) as Stack);

const stacks = stacksOf(exampleLandscape());

describe("what an earlier release has left", () => {
  it("is forgotten where another resource has it in its hands, and never destroyed", () => {
    const removed = stacks.flatMap((stack) => stack.removed ?? []);
    expect(removed).toEqual(
      expect.arrayContaining([
        { from: "aws_sqs_queue_policy.undelivered-policy", lifecycle: { destroy: false } },
        { from: "aws_sqs_queue_policy.failed-executions-policy", lifecycle: { destroy: false } },
      ]),
    );
    expect(removed.filter(({ lifecycle }) => lifecycle.destroy)).toEqual([]);
  });

  it("is not forgotten where it still stands under its address", () => {
    for (const { removed = [], resource = {} } of stacks) {
      for (const { from } of removed) {
        const [type = "", id = ""] = from.split(".");
        expect([from, resource[type]?.[id]]).toEqual([from, undefined]);
      }
    }
  });
});

describe("a policy that is somebody's boundary", () => {
  const all = stacksOf(allDoorsLandscape());
  const policies = all.flatMap(({ resource = {} }) => Object.entries(resource.aws_iam_policy ?? {}));
  const boundaries = all
    .flatMap(({ resource = {} }) =>
      ["aws_iam_role", "aws_iam_user"].flatMap((type) => Object.values(resource[type] ?? {})),
    )
    .map(({ permissions_boundary }) => String(permissions_boundary));

  it("takes no new wording, and goes only after its users have taken up the next one", () => {
    expect(policies.length).toBeGreaterThan(10);
    for (const [id, { lifecycle }] of policies) {
      expect(boundaries).toContain(`\${aws_iam_policy.${id}.arn}`);
      expect([id, lifecycle]).toEqual([id, { create_before_destroy: true, ignore_changes: ["description"] }]);
    }
  });
});
