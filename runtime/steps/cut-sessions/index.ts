import { GetRoleCommand } from "@aws-sdk/client-iam";
import { type Static, Type } from "@sinclair/typebox";
import { type ChangeResult, make } from "../../changes/change";
import { addCut, type CutInput, cutsOf } from "../../changes/cut";
import type { Cut } from "../../cuts/cut";
import { sameCut, subjectOf } from "../../cuts/document";
import { cutSchema, sessionNamePattern } from "../../cuts/request";
import { utc } from "../../shared/clock";
import { changeResultSchema, principalSchema, timeSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import { type Principal, reservedRole, standsApart } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

/** Which sessions of a role are ended, where the role as a whole must go on. */
const sessionsSchema = Type.Union([
  Type.Object({ kind: Type.Literal("session"), name: Type.String({ pattern: sessionNamePattern }) }),
  Type.Object({ kind: Type.Literal("until-now") }),
  Type.Object({ kind: Type.Literal("identity-center-user"), id: Type.String() }),
]);

export type Sessions = Static<typeof sessionsSchema>;

const input = Type.Object({ principal: principalSchema, sessions: sessionsSchema });
const output = Type.Object({ results: Type.Array(changeResultSchema), cut: cutSchema, at: timeSchema });

/**
 * Ends sessions of a role by the organization's policy of cuts, since no policy that stands beforehand can tell them:
 * one session by its id, all that were opened until now, or those of one Identity Center user. Whoever opened them can
 * open others, but for a session under the same name.
 *
 * @throws NotPossible in the management account, which no policy of the organization reaches
 */
export const cutSessions: Step<typeof input, typeof output> = {
  id: "cut-sessions",
  title: "sessions ended by a cut",
  class: "contain",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { principal, sessions }) => {
    mustBeReached(setting, principal, sessions);
    const { account, arn } = principal;
    const { now } = await cutsOf(await setting.account(account))({});
    const cut = await keptOrNew(
      setting,
      principal,
      await cutFor(setting, principal, sessions, new Date(now)),
      now,
    );
    const request = { step: "cut-sessions", account, target: arn };
    const results: ChangeResult[] = [];
    // What an earlier run has begun is settled first, so that the ledger is complete; it is narrower in time.
    for (const begun of await begunCuts(setting, arn, cut, now)) {
      results.push(await make(setting, addCut, { ...request, input: { cut: begun } }));
    }
    results.push(await make(setting, addCut, { ...request, input: { cut } }));
    return { results, cut, at: now };
  },
};

/** @throws NotPossible where a cut does not reach, with what does */
export function mustBeReached({ kit }: Setting, principal: Principal, { kind }: Sessions): void {
  if (principal.kind !== "role")
    throw new NotPossible(`${principal.arn} is no role: only roles have sessions to cut`);
  if (principal.account === kit.managementAccount) {
    throw new NotPossible(
      `${principal.arn} is in the management account, to which no policy of the organization applies: ${
        reservedRole(principal)
          ? "disable the user in Identity Center, and put a deny on identitystore:UserId and aws:TokenIssueTime into the permission set's inline policy"
          : "contain the role as a whole"
      }`,
    );
  }
  const apart = standsApart(kit, principal);
  if (apart !== undefined && !(kind === "identity-center-user" && reservedRole(principal))) {
    throw new NotPossible(apart);
  }
}

/** Hours for which a cut stands: no session of a role lives longer than 12. */
const hours = 24;

/** Its times are the writer's: the clock of whoever asks may be wrong, and sessions would be left out. */
async function cutFor(
  setting: Setting,
  { account, name, arn }: Principal,
  sessions: Sessions,
  now: Date,
): Promise<Cut> {
  const expires = utc(new Date(now.getTime() + hours * 3_600_000));
  // The next second, since times of issue are whole seconds and the condition is "before".
  const before = utc(new Date(now.getTime() + 1000));
  switch (sessions.kind) {
    case "until-now":
      return { kind: "sessions-before", arn, before, expires };
    case "identity-center-user":
      return { kind: "identity-center-user", id: sessions.id, before, expires };
    case "session": {
      const { iam } = await setting.account(account);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
      // Source: "Unique identifiers" (IAM user guide): a session's id is its role's, a colon and its own name.
      return { kind: "session", userId: `${Role?.RoleId}:${sessions.name}`, expires };
    }
  }
}

/** Hours that a cut must still have to be kept: as long as the longest session of a role lives. */
const enough = 12;

/** This case's own cuts of the same sessions, from earlier runs. */
const earlierCuts = async ({ ledger }: Setting, arn: string, cut: Cut) =>
  (await ledger.entries())
    .filter(({ action, target }) => action === addCut.action && target === arn)
    .map(({ state, input }) => ({ state, cut: (input as CutInput).cut }))
    .filter((earlier) => subjectOf(earlier.cut) === subjectOf(cut));

/**
 * Run again, the step keeps the cut of a session that has long enough to go. Cuts until then are made anew, since
 * sessions were opened meanwhile.
 */
async function keptOrNew(setting: Setting, { arn }: Principal, wanted: Cut, now: string): Promise<Cut> {
  if (wanted.kind !== "session") return wanted;
  const needed = utc(new Date(new Date(now).getTime() + enough * 3_600_000));
  const kept = (await earlierCuts(setting, arn, wanted)).findLast(
    ({ state, cut }) => /^(done|intended)$/.test(state) && cut.expires >= needed,
  );
  return kept?.cut ?? wanted;
}

const begunCuts = async (setting: Setting, arn: string, cut: Cut, now: string): Promise<Cut[]> =>
  (await earlierCuts(setting, arn, cut))
    .filter(({ state, cut: begun }) => state === "intended" && begun.expires > now && !sameCut(begun, cut))
    .map((earlier) => earlier.cut);
