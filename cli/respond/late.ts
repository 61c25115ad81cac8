import type { Landscape } from "../../landscape/model";
import { shownFrom } from "../../runtime/shared/activity";
import { utc } from "../../runtime/shared/clock";
import type { Principal } from "../../runtime/shared/principal";
import type { Setting } from "../../runtime/shared/setting";
import { run } from "../../runtime/shared/step";
import { traceActivity } from "../../runtime/steps/trace-activity";
import { principalLabel } from "./report";

/** What CloudTrail shows late, and what it may show yet. */

export interface Late {
  readonly left: readonly { readonly arn: string; readonly why: string }[];
  readonly incomplete: readonly string[];
}

/** CloudTrail lags: what the attacker did just before the containment may show only after it. */
export async function seenLate(
  setting: Setting,
  landscape: Landscape,
  contained: readonly { readonly principal: Principal }[],
  seen: ReadonlySet<string>,
  since: Date,
): Promise<Late> {
  const left = new Map<string, Late["left"][number]>();
  const unread: string[] = [];
  for (const { principal } of contained) {
    const { chain, incomplete } = await run(setting, traceActivity, { principal, since: utc(since) });
    unread.push(...incomplete.map((what) => `${principalLabel(landscape, principal)}: ${what}`));
    for (const { arn, how, at } of chain) {
      if (seen.has(arn)) continue;
      left.set(arn, { arn, why: `${how} at ${at}, and seen only now: run the command again` });
    }
  }
  return { left: [...left.values()], incomplete: unread };
}

/** That nothing more was found says little while CloudTrail may not show it yet: until when; empty after that. */
export function lateness({ clock }: Setting, principals: readonly { readonly contained: string }[]): string {
  const last = principals
    .map(({ contained }) => contained)
    .sort()
    .at(-1);
  const shown = last === undefined ? undefined : shownFrom(new Date(last));
  if (shown === undefined || clock.now() >= shown) return "";
  return (
    `CloudTrail may show calls of before the containment until ${utc(shown)}: run the same command again after it, to ` +
    "find whom it became or made in its last minutes.\n"
  );
}
