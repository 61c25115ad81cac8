import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { shareOf } from "../../support/share";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

interface Stack {
  resource: Resources;
  removed?: unknown;
}

/** Writes a stack's configuration as another version of the kit would have; gives the one that stood there. */
function rewrite(workspace: Workspace, name: string, change: (stack: Stack) => void): string {
  const file = path.join(workspace.stackFolder(name), "cdk.tf.json");
  const text = readFileSync(file, "utf8");
  const stack = JSON.parse(text) as Stack;
  change(stack);
  writeFileSync(file, JSON.stringify(stack, undefined, 2));
  return text;
}

const restore = (workspace: Workspace, name: string, text: string): void =>
  writeFileSync(path.join(workspace.stackFolder(name), "cdk.tf.json"), text);

/** Stacks and their queues; the provider waits for a queue's attributes for 25 seconds, several times. */
const queues: readonly (readonly [stack: string, queue: string])[] = [
  ["response", "failed-executions"],
  ["alarms-eu-west-1", "undelivered"],
];

describeOnOrganization((workspaceOf) => {
  it.each(shareOf("queues of an upgrade", queues, 2))(
    "an upgrade of %s from where the queue's policy was a resource of its own leaves the queue its policy",
    async (name, id) => {
      const workspace = workspaceOf();
      const terraform = workspace.terraform(name);
      const today = rewrite(workspace, name, (stack) => {
        const queue = stack.resource.aws_sqs_queue?.[id] ?? {};
        const { policy } = queue;
        delete queue.policy;
        delete stack.removed;
        stack.resource.aws_sqs_queue_policy = {
          [`${id}-policy`]: { queue_url: `\${aws_sqs_queue.${id}.url}`, policy },
        };
      });
      await terraform.apply();
      expect(await terraform.resources()).toContain(`aws_sqs_queue_policy.${id}-policy`);
      restore(workspace, name, today);
      await terraform.apply();
      expect(await terraform.resources()).not.toContain(`aws_sqs_queue_policy.${id}-policy`);
      const { exitCode, output } = await terraform.plan();
      expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
    },
    5 * minutes,
  );

  it(
    "a user takes up the boundary of other tasks before the old one is deleted",
    async () => {
      const workspace = workspaceOf();
      const terraform = workspace.terraform("emergency-users");
      rewrite(workspace, "emergency-users", ({ resource }) => {
        const policies = resource.aws_iam_policy ?? {};
        const [[id, policy]] = Object.entries(policies) as [[string, Record<string, unknown>]];
        policies.other = { ...policy, name: `${String(policy.name)}-other` };
        delete policies[id];
        const text = JSON.stringify(resource).replaceAll(`aws_iam_policy.${id}.`, "aws_iam_policy.other.");
        Object.assign(resource, JSON.parse(text));
      });
      const { exitCode, output } = await terraform.tryApply();
      expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
      expect(await terraform.resources()).toContain("aws_iam_policy.other");
    },
    2 * minutes,
  );
});
