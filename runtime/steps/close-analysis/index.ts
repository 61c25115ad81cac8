import { type Static, Type } from "@sinclair/typebox";
import {
  attachWorkingCopy,
  copiesOfCase,
  launchMachine,
  machinesOfCase,
  makeWorkingCopy,
  shownAfter,
  volumeOf,
} from "../../changes/analysis";
import { type ChangeResult, make } from "../../changes/change";
import { deleteWorkingCopy, terminateMachine } from "../../changes/end-analysis";
import { utc } from "../../shared/clock";
import { changeResultSchema } from "../../shared/contracts";
import { machineArn, machinesOf } from "../../shared/machines";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { awaited } from "../../shared/wait";
import { needs } from "./needs";

const text = Type.String({ minLength: 1 });

const input = Type.Object({
  account: Type.String({ pattern: "^\\d{12}$" }),
  region: text,
  /** How long is waited until machines have ended, before which no volume of theirs is deleted. */
  waitSeconds: Type.Integer({ minimum: 0 }),
});

const output = Type.Object({
  region: text,
  results: Type.Array(changeResultSchema),
  /** What still stands and costs money, and why. */
  left: Type.Array(text),
});
export type Closing = Static<typeof output>;

const stepId = "close-analysis";

/**
 * Ends what a case has opened in a region, whoever has: machines by the kit's templates, and working copies that were
 * made of evidence. The evidence itself stays.
 */
export const closeAnalysis: Step<typeof input, typeof output, Setting> = {
  id: stepId,
  title: "evidence closed",
  class: "irreversible",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { account, region, waitSeconds }) => {
    const { caseId, clock } = setting;
    const until = new Date(clock.now().getTime() + waitSeconds * 1000);
    const { ec2 } = machinesOf(await setting.account(account, "evidence"), region);
    const results: ChangeResult[] = [];
    const left: string[] = [];
    const ending = { step: stepId, account };
    const target = (id: string) => machineArn(setting.kit.partition, { account, region, instance: id });
    for (const { InstanceId: machine = "" } of await machinesOfCase(ec2, caseId)) {
      const request = { ...ending, target: target(machine), input: { region, machine } };
      results.push(await make(setting, terminateMachine, request));
    }
    for (const { VolumeId: copy = "", Attachments: [attachment] = [] } of await copiesOfCase(ec2, caseId)) {
      if (!setting.dryRun) {
        const free = await awaited(clock, until, async () => {
          const state = (await volumeOf(ec2, copy))?.State;
          return state === "in-use" ? undefined : true;
        });
        if (!free) {
          left.push(`${copy} is attached to ${attachment?.InstanceId} still; run the command again`);
          continue;
        }
      }
      const request = { ...ending, target: target(attachment?.InstanceId ?? "*"), input: { region, copy } };
      results.push(await make(setting, deleteWorkingCopy, request));
    }
    const failed = results
      .filter(({ outcome }) => outcome === "failed")
      .map(({ title, why }) => `${title}: ${why}`);
    if (left.length + failed.length === 0 && !setting.dryRun) await settle(setting, region);
    return { region, results, left: [...left, ...failed] };
  },
};

/** What was opened is in force no more. */
async function settle({ ledger, clock, actor }: Setting, region: string): Promise<void> {
  const opened: readonly string[] = [launchMachine, makeWorkingCopy, attachWorkingCopy].map(
    ({ action }) => action,
  );
  for (const { number, action, state, input: given, intendedAt } of await ledger.entries()) {
    const ofRegion = (given as { readonly region?: string }).region === region;
    if (!opened.includes(action) || !ofRegion) continue;
    // What EC2 may not show yet is looked for again by the next run.
    const settled = state === "intended" && clock.now().getTime() - Date.parse(intendedAt) > shownAfter;
    if (state !== "done" && !settled) continue;
    await ledger.settle(number, { state: "undone", undoneAt: utc(clock.now()), undoneBy: actor });
  }
}
