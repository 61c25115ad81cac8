import type { Landscape } from "../../landscape/model";
import { type AutomationName, caseTag, type TaskName } from "../../landscape/tasks";
import { limitOf } from "../../quotas";
import { sizeWithoutWhiteSpace } from "../../quotas/measure";
import type { Need } from "../../runtime/shared/need";
import { type Condition, type PolicyDocument, policyDocument, type Statement } from "../document";

/** One thing that a role may do (or, to fence the others in, may never do), and why. */
export interface Permission {
  /** Becomes the statement's Sid. */
  readonly id: string;
  /** Why somebody who takes up the task needs it, or why nobody who does may have it. */
  readonly because: string;
  readonly effect?: "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Condition;
}

/** Where a role stands: an account's id, or what stands for it in a template. */
export interface Place {
  readonly landscape: Landscape;
  readonly account: string;
}

export interface Task {
  readonly name: TaskName | AutomationName;
  /** What the role is for, as IAM shows it. */
  readonly description: string;
  /** Permissions in an account under investigation. */
  readonly inMember: (place: Place) => readonly Permission[];
  /** Permissions in the forensics account, where that has a role of its own and they are others than in members. */
  readonly inForensics?: (place: Place) => readonly Permission[];
  /** Permissions in the hub's account, beside entering the accounts. */
  readonly inHub?: (place: Place) => readonly Permission[];
}

/** Only what the triage automation tagged with the case for which the session was opened. */
export const ofTheCase: Condition = {
  StringEquals: { [`aws:ResourceTag/${caseTag}`]: `\${aws:PrincipalTag/${caseTag}}` },
};

/** What is made is tagged with that case at once. */
export const requestedForTheCase = {
  [`aws:RequestTag/${caseTag}`]: `\${aws:PrincipalTag/${caseTag}}`,
} as const;

/** Actions of needs, each once. */
export const actionsOf = (needs: readonly Need[]): string[] =>
  [...new Set(needs.map(({ action }) => action))].sort();

/** A key that is known by one of these aliases, since its id is known to nobody before it was made. */
export const underAlias = (aliases: string | readonly string[]): Condition => ({
  "ForAnyValue:StringEquals": { "kms:ResourceAliases": aliases },
});

/**
 * Permissions as a policy, in the order in which they are written, actions sorted; and a denial of all else.
 *
 * The denial is explicit, since a boundary's silence is not enough: a resource policy of the same account that names
 * a session, or everybody, grants past it. Source: "Permissions boundaries for IAM entities" (IAM user guide). Where
 * no resource policy grants a service's actions ("AWS services that work with IAM"; a role's trust grants those of STS),
 * silence is enough, and the service is named as a whole.
 */
export function permissionsPolicy(permissions: readonly Permission[]): PolicyDocument {
  const granted = permissions.filter(({ effect }) => effect !== "Deny").flatMap(({ actions }) => actions);
  return policyDocument([
    ...permissions.map(statement),
    { Sid: "NothingElse", Effect: "Deny", NotAction: ungranted(granted), Resource: ["*"] },
  ]);
}

const withoutResourcePolicies = /^(autoscaling|ec2|elasticloadbalancing|iam|rds):.*/;

const ungranted = (granted: readonly string[]): string[] =>
  [...new Set(granted.map((action) => action.replace(withoutResourcePolicies, "$1:*")))].sort();

const statement = ({ id, effect, actions, resources, conditions }: Permission): Statement => ({
  Sid: id,
  Effect: effect ?? "Allow",
  Action: [...actions].sort(),
  Resource: [...resources],
  ...(conditions && { Condition: conditions }),
});

/** Size of a managed policy as AWS counts it, without white space. */
export const policyLimit = limitOf("managed-policy-size");
export const policySize = (document: PolicyDocument): number =>
  sizeWithoutWhiteSpace(JSON.stringify(document));
