import { hub, kitRole, management, member, openToAll } from "../setting";
import { instance, type Probe } from "./probe";

/** Automation's way into an account, and what it does there; its workflows will record their own needs. */
export const automation: readonly Probe[] = [
  ...(["auto-inventory", "auto-triage"] as const).map(
    (use): Probe => ({
      name: `${use} enters an account`,
      expected: "allowed",
      request: {
        principal: kitRole(use, hub),
        action: "sts:AssumeRole",
        resource: kitRole(use),
        account: member,
      },
    }),
  ),
  ...(
    [
      ["auto-inventory", "ec2:DescribeVpcs", "*"],
      ["auto-triage", "ec2:DescribeInstances", "*"],
      ["auto-triage", "ec2:CreateTags", instance(member)],
      ["auto-triage", "iam:TagRole", `arn:aws:iam::${member}:role/app`],
      ["auto-triage", "lambda:TagResource", `arn:aws:lambda:eu-west-1:${member}:function:mail`],
    ] as const
  ).map(
    ([use, action, resource]): Probe => ({
      name: `${use}: ${action}`,
      expected: "allowed",
      request: {
        principal: kitRole(use),
        action,
        resource,
        ...(action.includes("Tag") && { context: { "aws:TagKeys": ["ir:case"] } }),
      },
    }),
  ),
  ...(["auto-inventory", "auto-triage", "auto-cut"] as const).map(
    (use): Probe => ({
      name: `a function of the hub runs as ${use}`,
      expected: "allowed",
      request: {
        principal: "lambda.amazonaws.com",
        action: "sts:AssumeRole",
        resource: kitRole(use, hub),
        account: hub,
      },
    }),
  ),
  {
    name: "the cuts' writer writes cuts",
    expected: "allowed",
    request: {
      principal: kitRole("auto-cut", hub),
      action: "organizations:UpdatePolicy",
      resource: "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-a1b2c3d4e5",
      account: management,
      resourcePolicy: openToAll,
    },
  },
];
