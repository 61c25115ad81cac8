import type { AccessRequest } from "../../../cli/access/decide";
import { hub, kitRole } from "../setting";
import { type Probe, refused } from "./probe";

const withCase = {
  "aws:RequestTag/ir:case": "CASE-1",
  "aws:TagKeys": ["ir:case"],
  "sts:TransitiveTagKeys": ["ir:case"],
};

/** The doors of the example, the way on into an account, and what a door must not do. */
export const entering: readonly Probe[] = (
  ["investigate", "contain", "evidence", "credentials", "recover"] as const
).flatMap((task) => {
  const step = (
    name: string,
    principal: string,
    action: string,
    role: string,
    context: AccessRequest["context"],
  ): Probe => ({
    name: `${name}, ${task}: ${action}`,
    expected: "allowed",
    request: { principal, action, resource: role, account: role.split(":")[4] ?? "", context: context ?? {} },
  });
  const reserved = `arn:aws:iam::${hub}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ir-${task}_0123456789abcdef`;
  const user = "arn:aws:iam::444444444444:user/acme-ir/emergency-1";
  const comers = [
    ["Identity Center", reserved, "alice", { "aws:userid": "AROAEXAMPLE:alice" }],
    [
      "emergency",
      user,
      "emergency-1",
      { "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "9" },
    ],
  ] as const;
  const inHub = kitRole(task, hub);
  const spoke = kitRole(task);
  return [
    ...comers.flatMap(([kind, principal, name, more]) => [
      step(kind, principal, "sts:AssumeRole", inHub, { ...more, ...withCase, "sts:SourceIdentity": name }),
      step(kind, principal, "sts:SetSourceIdentity", inHub, { ...more, "sts:SourceIdentity": name }),
      step(kind, principal, "sts:TagSession", inHub, { ...more, ...withCase }),
    ]),
    step("from the hub", inHub, "sts:AssumeRole", spoke, { "sts:SourceIdentity": "alice" }),
    step("from the hub", inHub, "sts:SetSourceIdentity", spoke, { "sts:SourceIdentity": "alice" }),
    step("from the hub", inHub, "sts:TagSession", spoke, {}),
    refused(`into the hub without a case, ${task}`, {
      principal: user,
      action: "sts:AssumeRole",
      resource: inHub,
      account: hub,
      context: {
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": "9",
        "sts:SourceIdentity": "emergency-1",
      },
    }),
  ];
});
