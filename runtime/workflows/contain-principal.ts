import type { Static } from "@sinclair/typebox";
import type { ChangeResult } from "../changes/change";
import type { Cut } from "../cuts/cut";
import { utc } from "../shared/clock";
import type { credentialSchema } from "../shared/contracts";
import type { Principal } from "../shared/principal";
import type { Setting } from "../shared/setting";
import { run } from "../shared/step";
import { cutSessions, type Sessions } from "../steps/cut-sessions";
import { deactivateCredentials } from "../steps/deactivate-credentials";
import { listCredentials } from "../steps/list-credentials";
import { quarantinePrincipal } from "../steps/quarantine-principal";
import { type Activity, traceActivity } from "../steps/trace-activity";
import { type Entry, traceEntry } from "../steps/trace-entry";
import { type Verdict, verifyContainment } from "../steps/verify-containment";

export interface Facts {
  readonly principal: Principal;
  readonly credentials: readonly Static<typeof credentialSchema>[];
  readonly activity: Activity;
  readonly entry: Entry;
  /** What could not be found out. */
  readonly unknown: readonly string[];
}

/** What there is to know before a principal is contained; changes nothing. */
export async function factsOf(setting: Setting, principal: Principal, since: Date): Promise<Facts> {
  const [{ credentials, unknown }, activity, entry] = await Promise.all([
    run(setting, listCredentials, { principal }),
    run(setting, traceActivity, { principal, since: utc(since) }),
    run(setting, traceEntry, { principal, since: utc(since) }),
  ]);
  const incomplete = new Set([...activity.incomplete, ...entry.incomplete]);
  return { principal, credentials, activity, entry, unknown: [...unknown, ...incomplete] };
}

export interface Containment {
  readonly results: readonly ChangeResult[];
  /** When the last change was made, UTC. */
  readonly contained: string;
}

/**
 * The deny first, since an attacker may make a new key while old ones are switched off; then every credential there
 * is by then, those that were made meanwhile included. A failure of the first does not keep the second from it.
 */
export async function containPrincipal(setting: Setting, principal: Principal): Promise<Containment> {
  const quarantined = await run(setting, quarantinePrincipal, { principal });
  const { credentials, unknown } = await run(setting, listCredentials, { principal });
  const deactivated = await run(setting, deactivateCredentials, { principal, credentials });
  const unlisted = unknown.map(
    (why): ChangeResult => ({ target: principal.arn, title: "credentials listed", outcome: "failed", why }),
  );
  return {
    results: [...quarantined.results, ...deactivated.results, ...unlisted],
    contained: deactivated.at,
  };
}

/** Ends sessions of a role and leaves the role; see {@link cutSessions}. */
export async function containSessions(
  setting: Setting,
  principal: Principal,
  sessions: Sessions,
): Promise<Containment & { readonly cut: Cut }> {
  const { results, cut, at } = await run(setting, cutSessions, { principal, sessions });
  return { results, contained: at, cut };
}

/** Seconds after the containment at which it is checked, unless others are wanted. */
export const checkAfter = [10, 60, 300] as const;

export interface CheckedAt {
  readonly seconds: number;
  readonly verdict: Verdict;
}

/** Checks a containment again and again; each verdict is told as it comes. The last one counts. */
export async function verifyAt(
  setting: Setting,
  principal: Principal,
  contained: string,
  after: readonly number[],
  tell: (checked: CheckedAt) => void,
  cut?: Cut,
): Promise<CheckedAt[]> {
  const verdicts: CheckedAt[] = [];
  for (const seconds of after) {
    const due = new Date(contained).getTime() + seconds * 1000;
    await setting.clock.sleep(Math.max(0, due - setting.clock.now().getTime()));
    const verdict = await run(setting, verifyContainment, {
      principal,
      contained,
      ...(cut && { cut }),
    });
    verdicts.push({ seconds, verdict });
    tell({ seconds, verdict });
  }
  return verdicts;
}
