import { type Static, Type } from "@sinclair/typebox";
import { caseIdPattern } from "../../landscape/tasks";
import { timeSchema } from "../shared/contracts";
import { NotPossible } from "../shared/errors";
import type { Kit } from "../shared/kit";
import { principalOfArn, standsApart } from "../shared/principal";

/** Name of a role's session. Source: "AssumeRole" (AWS STS API reference). */
export const sessionNamePattern = "^[\\w+=,.@-]{2,64}$";

/** Id of a user in Identity Center's store. Source: "DescribeUser" (Identity Store API reference). */
export const identityCenterUserPattern =
  "^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}$";

const expires = { expires: timeSchema };
const closed = { additionalProperties: false } as const;
const kind = <Name extends string>(name: Name) => ({ kind: Type.Literal(name) });

export const cutSchema = Type.Union([
  Type.Object({ ...kind("principal"), ...expires, arn: Type.String({ maxLength: 700 }) }, closed),
  Type.Object(
    { ...kind("sessions-before"), ...expires, arn: Type.String({ maxLength: 700 }), before: timeSchema },
    closed,
  ),
  Type.Object(
    {
      ...kind("session"),
      ...expires,
      userId: Type.String({ pattern: "^AROA[A-Z0-9]{12,28}:[\\w+=,.@-]{2,64}$" }),
    },
    closed,
  ),
  Type.Object(
    {
      ...kind("source-identity"),
      ...expires,
      name: Type.String({ pattern: sessionNamePattern }),
      before: timeSchema,
    },
    closed,
  ),
  Type.Object(
    {
      ...kind("identity-center-user"),
      ...expires,
      id: Type.String({ pattern: identityCenterUserPattern }),
      before: timeSchema,
    },
    closed,
  ),
]);

/** What the writer of cuts is asked for; with neither, it tells what is cut. */
export const cutRequestSchema = Type.Object(
  {
    case: Type.String({ pattern: caseIdPattern.source }),
    actor: Type.String({ minLength: 1, maxLength: 300 }),
    add: Type.Optional(Type.Array(cutSchema, { maxItems: 20 })),
    lift: Type.Optional(Type.Array(cutSchema, { maxItems: 20 })),
  },
  closed,
);

export type CutRequest = Static<typeof cutRequestSchema>;

/** Days: a cut bridges the time until sessions have run out and people have done what no policy does. */
export const longestCut = 7;

/**
 * A cut reaches every member account, so whoever may ask for one must not be able to shut out whoever deploys the kit.
 *
 * @throws NotPossible for the kit's own and for deployers, in the management account, for sessions to come, and for a
 *   cut without end
 */
export function mustBeAllowed(kit: Kit, { add = [] }: CutRequest, now: Date): void {
  const latest = now.getTime() + longestCut * 24 * 3_600_000;
  const latestSession = now.getTime() + 60_000;
  for (const cut of add) {
    if ("before" in cut && new Date(cut.before).getTime() > latestSession) {
      throw new NotPossible(
        `a cut ends sessions that are open, and none that will be: ${cut.before} is to come, by the clock of AWS`,
      );
    }
    if (new Date(cut.expires).getTime() > latest) {
      throw new NotPossible(`a cut ends after ${longestCut} days at most; found ${cut.expires}`);
    }
    if (!("arn" in cut)) continue;
    const principal = principalOfArn(cut.arn);
    const apart = standsApart(kit, principal);
    if (apart !== undefined) throw new NotPossible(apart);
    if (principal.account === kit.managementAccount) {
      throw new NotPossible(
        `${cut.arn} is in the management account, to which no policy of the organization applies`,
      );
    }
  }
}
