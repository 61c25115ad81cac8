import { GetRoleCommand } from "@aws-sdk/client-iam";
import { type Static, Type } from "@sinclair/typebox";
import { make } from "../../changes/change";
import { addCut, type CutInput, cutsOf } from "../../changes/cut";
import type { Cut } from "../../cuts/cut";
import { cutSchema } from "../../cuts/request";
import { utc } from "../../shared/clock";
import { changeResultSchema, principalSchema, timeSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import { type Principal, reservedRole, standsApart } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

/** Which sessions of a role are ended, where the role as a whole must go on. */
const sessionsSchema = Type.Union([
  Type.Object({ kind: Type.Literal("session"), name: Type.String({ pattern: "^[\\w+=,.@-]{2,64}$" }) }),
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
    const wanted = await cutFor(setting, principal, sessions);
    const cut = await standing(setting, principal, wanted);
    const result = await make(setting, addCut, {
      step: "cut-sessions",
      account: principal.account,
      target: principal.arn,
      input: { cut },
    });
    return { results: [result], cut, at: utc(setting.clock.now()) };
  },
};

function mustBeReached({ kit }: Setting, principal: Principal, { kind }: Sessions): void {
  if (principal.kind !== "role")
    throw new NotPossible(`${principal.arn} is no role: only roles have sessions to cut`);
  if (principal.account === kit.managementAccount) {
    throw new NotPossible(
      `${principal.arn} is in the management account, to which no policy of the organization applies: contain the ` +
        "role as a whole",
    );
  }
  const apart = standsApart(kit, principal);
  if (apart !== undefined && !(kind === "identity-center-user" && reservedRole(principal))) {
    throw new NotPossible(apart);
  }
}

/** Hours for which a cut stands: no session of a role lives longer than 12. */
const hours = 24;

async function cutFor(setting: Setting, { account, name, arn }: Principal, sessions: Sessions): Promise<Cut> {
  const now = setting.clock.now();
  const expires = utc(new Date(now.getTime() + hours * 3_600_000));
  const before = utc(now);
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

/**
 * Run again, the step keeps the cut that was begun and not settled, and one of the session that it cuts: its times are
 * those of the first run. Sessions that were opened since a cut until then need another.
 */
async function standing(setting: Setting, { account, arn }: Principal, wanted: Cut): Promise<Cut> {
  const about = (cut: Cut) => JSON.stringify({ ...cut, expires: "", before: "" });
  const known = (await setting.ledger.entries())
    .filter(({ action, target }) => action === addCut.action && target === arn)
    .map(({ state, input }) => ({ state, cut: (input as CutInput).cut }))
    .findLast(({ cut }) => about(cut) === about(wanted));
  if (known?.state === "intended" || (known?.state === "done" && wanted.kind === "session")) return known.cut;
  if (wanted.kind !== "session") return wanted;
  const { cuts } = await cutsOf(await setting.account(account))({});
  return cuts.find((cut) => about(cut) === about(wanted)) ?? wanted;
}
