import { spawnSync } from "node:child_process";
import { administratorAccess, decide } from "../cli/access/decide";
import { synthesizedDeployment } from "../cli/access/deployment";
import { simulate } from "../cli/access/simulate";
import { forbidden } from "../test/proofs/forbidden";
import { repository } from "../test/support/repository";
import { exampleText, landscapeOf } from "./landscapes";
import type { Measurement } from "./measurement";

const principal = "arn:aws:iam::555555555555:role/acme-ir/acme-ir-contain";
const rounds = 3;

/**
 * A decision with permissions, boundary, SCPs and RCPs, against one with identity policies alone: what the layers of
 * an organization cost.
 */
export async function* decisions(): AsyncIterable<Measurement> {
  const deployment = synthesizedDeployment(landscapeOf(exampleText));
  const questions = forbidden.filter(({ account }) => account === "555555555555");
  const bare = async () => {
    for (const { action, resource, account } of questions) {
      await simulate({ principal, action, resource, account, identityPolicies: [administratorAccess] });
    }
  };
  const whole = async () => {
    for (const { action, resource, account, context } of questions) {
      await decide(deployment, {
        principal,
        action,
        resource,
        account,
        ...(context && { context }),
        also: [administratorAccess],
      });
    }
  };
  await bare();
  await whole();
  let [bareTime, wholeTime] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    bareTime += await milliseconds(bare);
    wholeTime += await milliseconds(whole);
  }
  const rate = (rounds * questions.length * 1000) / wholeTime;
  yield {
    what: "a decision with every layer",
    baseline: "identity policies alone",
    ratio: wholeTime / bareTime,
    goal: 20,
    detail: `${rate.toFixed(0)} decisions a second`,
  };
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Every proof of access as `npm test` runs them, the walkthroughs on the emulator included. */
export function* proofs(): Iterable<Measurement> {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    "npx",
    ["jest", "--selectProjects", "unit", "--testPathPatterns", "test/proofs"],
    {
      cwd: repository,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  const seconds = (performance.now() - start) / 1000;
  const count = /Tests:.* (\d+) total/.exec(stderr)?.[1] ?? "?";
  yield {
    what: "every proof of access",
    baseline: "one minute",
    ratio: seconds / 60,
    goal: 1,
    detail: `${seconds.toFixed(0)} s, ${count} tests`,
  };
}
