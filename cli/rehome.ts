import { readFileSync } from "node:fs";
import path from "node:path";
import { formatProblem, type Landscape, parseLandscape } from "../landscape";
import type { Deployed } from "../landscape/deployed/schema";
import { type Edit, editYaml, Uneditable, writeAtomically } from "../landscape/edit";
import { accountId } from "../landscape/names";
import { planStacks } from "../stacks";
import { synthesize } from "../stacks/synthesize";
import { besideLandscape, deployedOrRefuse, recordDeployed, refuseLosses } from "./deployed";
import { WrongUse } from "./errors";
import type { Reporter } from "./reporter";
import { type RunOptions, TerraformStackDirectory } from "./terraform";

export interface Move {
  readonly file: string;
  /** The landscape's text with the new hub, checked. */
  readonly text: string;
  readonly before: Landscape;
  readonly after: Landscape;
  /** What the lock file knows. */
  readonly deployed: Deployed | undefined;
}

/**
 * What the landscape becomes when the hub moves; nothing is written yet.
 *
 * @throws WrongUse where the new hub can't be one, the file can't be edited, or the landscape has lost what stands
 */
export function planMove(file: string, before: Landscape, hub: string): Move {
  const edits: Edit[] = [
    { path: ["access", "hub"], value: hub },
    // The staged seal goes on meaning the account that was lost, or it would shut out the new one.
    { path: ["access", "sealed"], value: before.sealed.name },
  ];
  let text: string;
  try {
    text = editYaml(readFileSync(file, "utf8"), edits);
  } catch (error) {
    if (error instanceof Uneditable) throw new WrongUse(`${file}: ${error.message}`);
    throw error;
  }
  const after = parseLandscape(file, text);
  if (!after.ok) throw new WrongUse(after.problems.map(formatProblem).join("\n"));
  refuseLosses(file, after.value);
  return { file, text, before, after: after.value, deployed: deployedOrRefuse(file) };
}

/** Stacks that bring responders in again, in their order; the others can wait. */
export function stacksOfMove({ after, deployed }: Move): string[] {
  const names = planStacks(after, [], deployed).stacks.map(({ name }) => name);
  // The guardrails that stand don't know the deployer of the new hub's account yet, and would deny it.
  const first = names.filter((name) => name === "guardrails");
  return [
    ...first,
    ...names.filter((name) => /^(baseline|alarms-|access$|identity$|emergency-users$)/.test(name)),
  ];
}

/** Stacks of the hub's account. What they have in the old one is given up: it can neither be trusted nor reached. */
function stacksOfHub({ after, deployed }: Move): string[] {
  return planStacks(after, [], deployed)
    .stacks.filter(({ account }) => account === after.hub)
    .map(({ name }) => name);
}

/**
 * Writes the landscape and applies what brings responders in by the new hub, with credentials of the management
 * account alone. The other stacks of the hub forget what they have in the old one, so that the next deployment makes it
 * anew. Safe to run again after it broke off.
 */
export async function move(
  plan: Move,
  { reporter, directory, terraform }: { reporter: Reporter; directory: string; terraform?: RunOptions },
): Promise<void> {
  const hub = accountId(plan.after.hub);
  writeAtomically(plan.file, plan.text);
  // Before anything is applied: a run that breaks off leaves nothing behind that the lock file doesn't know.
  await recordDeployed(plan.file, plan.after);
  synthesize(plan.after, { directory, ...besideLandscape(plan.file) });
  const first = stacksOfMove(plan);
  const ofHub = stacksOfHub(plan);
  const later = ofHub.filter((name) => !first.includes(name));
  for (const name of [...first, ...later]) {
    await reporter.step(later.includes(name) ? `${name}, given up in the old hub` : name, async (detail) => {
      const stack = new TerraformStackDirectory(name, path.join(directory, "stacks", name), {
        ...terraform,
        onLine: detail,
      });
      await stack.init();
      if (ofHub.includes(name)) await stack.forgetOutside(hub);
      if (first.includes(name)) await stack.apply();
    });
  }
}
