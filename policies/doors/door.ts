import { rootArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { organizationId } from "../../landscape/names";
import { caseTag, type TaskName } from "../../landscape/tasks";
import type { Condition, Statement } from "../document";

/** How a way in leads to the hub's roles, as a part of their trust policies. */
export interface Entrance {
  /** Kind of identity; part of the statements' Sids. */
  readonly kind: string;
  /** Account of the principals that come in. Its own policies permit them; this one admits them. */
  readonly account: string;
  /** ARNs of those who may take up the task; patterns where AWS makes part of the name. */
  readonly principals: readonly string[];
  /** How the source identity is bound to a name that somebody has verified, and how MFA is established. */
  readonly verified: Condition;
}

/** One file a kind of identity; each says how a name is verified, how MFA is established, what the console can do. */
export type EntranceOf<D> = (landscape: Landscape, door: D, task: TaskName) => Entrance;

/** MFA must be younger than this, in seconds. */
export const mfaAge = 3600;

/**
 * Trust policy of the hub's role of a task.
 *
 * A door needs three permissions: to assume the role, to set the source identity, and to tag the session with the
 * case. Tagging is a statement of its own, since AWS knows no source identity for it. An account's root as principal
 * and ARNs as conditions: a role or user that is made anew is admitted again, and no unique id is pinned (ADR 0005).
 */
export function hubTrust(landscape: Landscape, entrances: readonly Entrance[]): Statement[] {
  const roots = (some: readonly Entrance[]) => ({
    AWS: [...new Set(some.map(({ account }) => rootArn(landscape, account)))].sort(),
  });
  const insideOrganization = { "aws:PrincipalOrgID": organizationId(landscape) };
  return [
    ...byVerification(entrances).map(
      (alike): Statement => ({
        Sid: alike.map(({ kind }) => kind).join(""),
        Effect: "Allow",
        Principal: roots(alike),
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
        Condition: merged(
          {
            ArnLike: { "aws:PrincipalArn": alike.flatMap(({ principals }) => principals) },
            StringEquals: insideOrganization,
          },
          alike[0]?.verified ?? {},
        ),
      }),
    ),
    {
      // Tagging opens nothing by itself: who may assume the role, the statements above say.
      Sid: "Case",
      Effect: "Allow",
      Principal: roots(entrances),
      Action: ["sts:TagSession"],
      Condition: {
        StringEquals: insideOrganization,
        StringLike: { [`aws:RequestTag/${caseTag}`]: "?*-?*" },
        "ForAllValues:StringEquals": { "aws:TagKeys": [caseTag] },
        "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": [caseTag] },
      },
    },
    {
      Sid: "NoCaseNoEntry",
      Effect: "Deny",
      Principal: "*",
      Action: ["sts:AssumeRole"],
      Condition: { Null: { [`aws:RequestTag/${caseTag}`]: "true" } },
    },
  ];
}

/** Entrances whose name and MFA are established alike share a statement: a trust policy has 2,048 characters. */
function byVerification(entrances: readonly Entrance[]): Entrance[][] {
  const groups = new Map<string, Entrance[]>();
  for (const entrance of entrances) {
    const key = JSON.stringify(entrance.verified);
    groups.set(key, [...(groups.get(key) ?? []), entrance]);
  }
  return [...groups.values()];
}

/** Conditions of both; where both ask by the same operator, each by keys of its own. */
const merged = (a: Condition, b: Condition): Condition =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((operator) => [
      operator,
      { ...a[operator], ...b[operator] },
    ]),
  );
