import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListAttachedUserPolicies,
} from "@aws-sdk/client-iam";
import { orMissing } from "../shared/errors";
import type { AccountClients } from "../shared/setting";
import type { Change } from "./change";

// A type, not an interface: only that has the index signature of JSON.
export type Attachment = { readonly name: string; readonly policyArn: string };
type Attached = { readonly attached: boolean };

const title = ({ policyArn }: Attachment) =>
  `policy ${policyArn.slice(policyArn.lastIndexOf("/") + 1)} attached`;
const holds = ({ attached }: Attached) => attached;
const undo = { kind: "automatic" } as const;

export const attachUserPolicy: Change<Attachment, Attached> = {
  action: "iam:AttachUserPolicy",
  title,
  holds,
  undo,
  read: async (clients, { name, policyArn }) => ({
    attached: (await policiesOfUser(clients, name)).includes(policyArn),
  }),
  make: async ({ iam }, { name, policyArn }) => {
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: policyArn }));
  },
  unmake: async ({ iam }, { name, policyArn }) => {
    await orMissing(iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn: policyArn })));
  },
};

export const attachRolePolicy: Change<Attachment, Attached> = {
  action: "iam:AttachRolePolicy",
  title,
  holds,
  undo,
  read: async (clients, { name, policyArn }) => ({
    attached: (await policiesOfRole(clients, name)).includes(policyArn),
  }),
  make: async ({ iam }, { name, policyArn }) => {
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn }));
  },
  unmake: async ({ iam }, { name, policyArn }) => {
    await orMissing(iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn: policyArn })));
  },
};

/** ARNs of the managed policies that are attached to a user. */
export async function policiesOfUser({ iam }: AccountClients, UserName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedUserPolicies(
    { client: iam },
    { UserName },
  )) {
    for (const { PolicyArn } of AttachedPolicies) if (PolicyArn !== undefined) arns.push(PolicyArn);
  }
  return arns;
}

/** ARNs of the managed policies that are attached to a role. */
export async function policiesOfRole({ iam }: AccountClients, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client: iam },
    { RoleName },
  )) {
    for (const { PolicyArn } of AttachedPolicies) if (PolicyArn !== undefined) arns.push(PolicyArn);
  }
  return arns;
}
