import {
  anyPrincipalArns,
  cutFunctionArn,
  deployRolesArn,
  inAnyRegion,
  kitIamArn,
  quarantinePolicyArn,
  stackSetExecutionArn,
} from "../../landscape/arns";
import { type QuarantineKind, quarantineKinds } from "../../landscape/names";
import type { Need } from "../../runtime/shared/need";
import { containmentNeeds, cutNeedsInHub, hubNeeds } from "../../runtime/steps/needs";
import type { Permission, Place, Task } from "./task";

/** Takes credentials from an attacker; writes no policy, so that it can deny and never grant. */
export const credentials: Task = {
  name: "credentials",
  description: "Deactivates credentials and attaches staged deny policies. Writes no policy.",
  inHub: (place) => [findAccount, cutSessions(place)],
  inMember: (place) => [
    see,
    deactivate(place),
    closeConsole(place),
    ...rotate(place),
    attachQuarantine(place, ["Attach", "Detach"]),
    setBoundary(place),
    never(place),
  ],
};

/** Actions of steps, as far as they only look. */
export const looking = (needs: readonly Need[]): string[] => [
  ...new Set(
    needs.map(({ action }) => action).filter((action) => /:(Get|List|Lookup|Simulate)/.test(action)),
  ),
];

const see: Permission = {
  id: "See",
  because: "every credential that the principal holds, what is attached to it, and whether it is contained",
  actions: [...looking(containmentNeeds), "secretsmanager:DescribeSecret", "secretsmanager:ListSecrets"],
  resources: ["*"],
};

export const findAccount: Permission = {
  id: "FindAccountOfKey",
  because: "the id of a leaked key does not tell in which account it is; AWS tells it to anybody who may ask",
  actions: hubNeeds.map(({ action }) => action),
  resources: ["*"],
};

const cutSessions = ({ landscape }: Place): Permission => ({
  id: "CutSessions",
  because: "the writer of cuts denies and never grants; who asks it is in the session's name and case",
  actions: cutNeedsInHub.map(({ action }) => action),
  resources: [cutFunctionArn(landscape)],
});

export const users = ({ landscape, account }: Place) =>
  anyPrincipalArns(landscape, account).filter((arn) => arn.includes(":user/"));

export const deactivate = (place: Place): Permission => ({
  id: "DeactivateCredentials",
  because: "keys, SSH keys, certificates and service credentials stay as evidence, and work no more",
  actions: [
    "iam:UpdateAccessKey",
    "iam:UpdateSSHPublicKey",
    "iam:UpdateServiceSpecificCredential",
    "iam:UpdateSigningCertificate",
  ],
  resources: users(place),
});

const closeConsole = (place: Place): Permission => ({
  id: "CloseConsole",
  // No MFA device is taken off: with a password in wrong hands that would open what it was to close.
  because: "a password can't be deactivated; it is removed, and a new one is made after the case",
  actions: ["iam:DeleteLoginProfile"],
  resources: users(place),
});

/** Which function rotates, is itself a way to run code on the secret: it can't be named. */
const rotate = ({ landscape, account }: Place): Permission[] => [
  {
    id: "RunRotation",
    because: "Secrets Manager calls the function of the rotation with the responder's own permission",
    actions: ["lambda:InvokeFunction"],
    resources: inAnyRegion(landscape, "lambda", account, "function:*"),
    conditions: {
      "ForAnyValue:StringEquals": { "aws:CalledVia": `secretsmanager.${landscape.partition.dnsSuffix}` },
    },
  },
  {
    id: "StartRotation",
    because: "a secret that was read gets a new value, by the rotation that it has already",
    actions: ["secretsmanager:RotateSecret"],
    resources: inAnyRegion(landscape, "secretsmanager", account, "secret:*"),
    conditions: {
      Null: {
        "secretsmanager:RotationLambdaARN": "true",
        "secretsmanager:ExternalSecretRotationRoleArn": "true",
      },
      BoolIfExists: { "secretsmanager:ModifyRotationRules": "false" },
    },
  },
];

export const attachQuarantine = (
  { landscape, account }: Place,
  ways: readonly ("Attach" | "Detach")[],
  kinds: readonly QuarantineKind[] = quarantineKinds,
): Permission => ({
  id: "AttachQuarantine",
  because: "the principal is denied by a policy that stood there before the incident",
  actions: ways.flatMap((way) => [`iam:${way}RolePolicy`, `iam:${way}UserPolicy`]),
  resources: anyPrincipalArns(landscape, account),
  conditions: {
    ArnEquals: { "iam:PolicyARN": kinds.map((kind) => quarantinePolicyArn(landscape, kind, account)) },
  },
});

// No deletion: it would also take away a boundary that stood before, once this one has replaced it.
export const setBoundary = ({ landscape, account }: Place): Permission => ({
  id: "SetDenyAllBoundary",
  because: "the principal's policy quota may be full, and an attacker can fill it on purpose",
  actions: ["iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"],
  resources: anyPrincipalArns(landscape, account),
  conditions: {
    ArnEquals: { "iam:PermissionsBoundary": quarantinePolicyArn(landscape, "deny-all", account) },
  },
});

export const never = (
  { landscape, account }: Place,
  alsoRemoving: readonly string[] = [
    "iam:DeleteLoginProfile",
    "iam:DetachRolePolicy",
    "iam:DetachUserPolicy",
  ],
): Permission => ({
  id: "NeverTheKitsOwn",
  because: "whoever steals this role must not lock out responders, deployers and emergency users with it",
  effect: "Deny",
  actions: [
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    ...alsoRemoving,
    "iam:PutRolePermissionsBoundary",
    "iam:PutUserPermissionsBoundary",
    "iam:UpdateAccessKey",
  ],
  resources: [
    kitIamArn(landscape, "role", account),
    kitIamArn(landscape, "user", account),
    stackSetExecutionArn(landscape, account),
    deployRolesArn(landscape, account),
  ],
});
