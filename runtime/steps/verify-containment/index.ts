import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { type Static, Type } from "@sinclair/typebox";
import { policiesOfRole, policiesOfUser } from "../../changes/attach-policy";
import { cutsOf } from "../../changes/cut";
import type { Cut } from "../../cuts/cut";
import { covers } from "../../cuts/document";
import { cutSchema } from "../../cuts/request";
import type { CallRecord } from "../../shared/activity";
import { principalSchema, timeSchema } from "../../shared/contracts";
import { reason } from "../../shared/errors";
import { denyAllArn } from "../../shared/kit";
import type { Principal } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { calls } from "./calls";
import { closed, type Finding, open, saysSchema, unknown } from "./finding";
import { needs } from "./needs";

const input = Type.Object({
  principal: principalSchema,
  /** When the containment was complete. */
  contained: timeSchema,
  /** Where only sessions were ended: by which cut. */
  cut: Type.Optional(cutSchema),
});

const output = Type.Object({
  verdict: Type.Union([
    Type.Literal("CONTAINED"),
    Type.Literal("NOT CONTAINED"),
    Type.Literal("CANNOT TELL"),
  ]),
  checks: Type.Array(Type.Object({ what: Type.String(), says: saysSchema, evidence: Type.String() })),
});

export type Verdict = Static<typeof output>;
type Check = Verdict["checks"][number];

/**
 * Whether a principal is contained, by the principal's live policies, AWS's own simulation of them, its keys, and the
 * calls that CloudTrail shows. One open check is enough for NOT CONTAINED; what could not be asked makes CANNOT TELL.
 * CloudTrail is late: until it can have shown a call, the verdict rests on the others alone.
 */
export const verifyContainment: Step<typeof input, typeof output> = {
  id: "verify-containment",
  title: "proof",
  class: "observe",
  criticality: "best-effort",
  input,
  output,
  needs,
  handle: async (setting, { principal, contained, cut }) => {
    const checks = await Promise.all(
      cut === undefined
        ? whole(setting, principal, contained)
        : [
            check("cut", stands(setting, principal, cut)),
            check("calls in CloudTrail", calls(setting, principal, contained, concerns(principal, cut))),
          ],
    );
    return { verdict: verdictOf(checks), checks };
  },
};

const whole = (setting: Setting, principal: Principal, contained: string): Promise<Check>[] => [
  check("quarantine", quarantine(setting, principal)),
  check("AWS's simulation", simulation(setting, principal)),
  ...(principal.kind === "user" ? [check("access keys", keys(setting, principal))] : []),
  check(
    "calls in CloudTrail",
    calls(setting, principal, contained, () => true),
  ),
];

const verdictOf = (checks: readonly Check[]): Verdict["verdict"] => {
  if (checks.some(({ says }) => says === "open")) return "NOT CONTAINED";
  return checks.some(({ says }) => says === "cannot-tell") ? "CANNOT TELL" : "CONTAINED";
};

async function check(what: string, finding: Promise<Finding>): Promise<Check> {
  try {
    return { what, ...(await finding) };
  } catch (error) {
    return { what, ...unknown(reason(error)) };
  }
}

async function quarantine(setting: Setting, { kind, account, name }: Principal): Promise<Finding> {
  const clients = await setting.account(account);
  const arn = denyAllArn(setting.kit, account);
  const attached = await (kind === "user" ? policiesOfUser : policiesOfRole)(clients, name);
  const boundary =
    kind === "user"
      ? (await clients.iam.send(new GetUserCommand({ UserName: name }))).User?.PermissionsBoundary
      : (await clients.iam.send(new GetRoleCommand({ RoleName: name }))).Role?.PermissionsBoundary;
  const by = attached.includes(arn)
    ? "attached"
    : boundary?.PermissionsBoundaryArn === arn
      ? "set as boundary"
      : undefined;
  if (by === undefined) return open(`${arn} is neither attached nor the boundary`);
  const { Policy } = await clients.iam.send(new GetPolicyCommand({ PolicyArn: arn }));
  const VersionId = Policy?.DefaultVersionId ?? "";
  const { PolicyVersion } = await clients.iam.send(
    new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }),
  );
  const text = decodeURIComponent(PolicyVersion?.Document ?? "");
  return deniesEverything(text)
    ? closed(`${arn} is ${by}, and its version ${VersionId} denies everything`)
    : open(`${arn} is ${by}, but its version ${VersionId} does not deny everything: ${text.slice(0, 300)}`);
}

/** One unconditional deny of everything is enough, whatever else a policy says. */
function deniesEverything(text: string): boolean {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
  const { Statement } = JSON.parse(text) as { readonly Statement?: unknown };
  return list(Statement).some((one) => {
    const { Effect, Action, Resource, Condition } = (one ?? {}) as Record<string, unknown>;
    return (
      Effect === "Deny" &&
      Condition === undefined &&
      list(Action).includes("*") &&
      list(Resource).includes("*")
    );
  });
}

/** The deny is in the policy; that the policy is attached at the root, guardrails see to. */
async function stands(setting: Setting, { account }: Principal, cut: Cut): Promise<Finding> {
  const { cuts } = await cutsOf(await setting.account(account))({});
  return cuts.some((one) => covers(one, cut))
    ? closed(`in the organization's policy of cuts until ${cut.expires}`)
    : open("it is not in the organization's policy of cuts");
}

/** Whether a call is one that a cut ends; undefined where CloudTrail does not tell. */
const concerns =
  ({ name }: Principal, cut: Cut) =>
  ({ identity }: CallRecord): boolean | undefined => {
    switch (cut.kind) {
      case "session":
        return identity.arn.endsWith(
          `:assumed-role/${name}/${cut.userId.slice(cut.userId.indexOf(":") + 1)}`,
        );
      case "identity-center-user":
        return identity.onBehalfOf === undefined
          ? undefined
          : identity.onBehalfOf === cut.id && !openedAfter(identity, cut.before);
      case "sessions-before":
        return identity.opened === undefined ? undefined : !openedAfter(identity, cut.before);
      default:
        return true;
    }
  };

const openedAfter = ({ opened }: CallRecord["identity"], time: string): boolean =>
  opened !== undefined && new Date(opened) > new Date(time);

/** What an attacker does first and last: look around, dig in, take data, become another, run machines. */
const probes = ["ec2:RunInstances", "iam:CreateAccessKey", "iam:ListUsers", "s3:GetObject", "sts:AssumeRole"];

async function simulation(setting: Setting, { account, arn }: Principal): Promise<Finding> {
  const { iam } = await setting.account(account);
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: probes }),
  );
  const decided = EvaluationResults.map(
    ({ EvalActionName, EvalDecision }) => `${EvalActionName} ${EvalDecision}`,
  );
  // Where a policy of the organization denies already, AWS may not come to the deny of the quarantine.
  const not = EvaluationResults.filter(({ EvalDecision }) => EvalDecision === "allowed");
  if (EvaluationResults.length < probes.length) return unknown(`AWS decided only ${decided.join(", ")}`);
  return not.length === 0
    ? closed(decided.join(", "))
    : open(not.map(({ EvalActionName, EvalDecision }) => `${EvalActionName}: ${EvalDecision}`).join(", "));
}

async function keys(setting: Setting, { account, name }: Principal): Promise<Finding> {
  const { iam } = await setting.account(account);
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: name }));
  const active = AccessKeyMetadata.filter(({ Status }) => Status === "Active");
  return active.length === 0
    ? closed(`${AccessKeyMetadata.length} keys, none active`)
    : open(`active: ${active.map(({ AccessKeyId }) => AccessKeyId).join(", ")}`);
}
