import {
  GetRoleCommand,
  GetUserCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from "@aws-sdk/client-iam";
import type { Change } from "./change";

export type Boundary = { readonly name: string; readonly boundaryArn: string };
type Bounded = { readonly boundaryArn: string | null };

const title = ({ boundaryArn }: Boundary) =>
  `boundary ${boundaryArn.slice(boundaryArn.lastIndexOf("/") + 1)} set`;
const holds = (state: Bounded, { boundaryArn }: Boundary) => state.boundaryArn === boundaryArn;

/**
 * A responder can set this one boundary and no other, and can remove none: who could would lift boundaries that stood
 * before. So the account's deployer brings back what the ledger says was there.
 */
const undo = {
  kind: "irreversible",
  because:
    "a responder may not take off a boundary; the account's deployer sets the one that the ledger names, or deletes it",
} as const;

export const setUserBoundary: Change<Boundary, Bounded> = {
  action: "iam:PutUserPermissionsBoundary",
  title,
  holds,
  undo,
  read: async ({ iam }, { name }) => {
    const { User } = await iam.send(new GetUserCommand({ UserName: name }));
    return { boundaryArn: User?.PermissionsBoundary?.PermissionsBoundaryArn ?? null };
  },
  make: async ({ iam }, { name, boundaryArn }) => {
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary: boundaryArn }),
    );
  },
};

export const setRoleBoundary: Change<Boundary, Bounded> = {
  action: "iam:PutRolePermissionsBoundary",
  title,
  holds,
  undo,
  read: async ({ iam }, { name }) => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return { boundaryArn: Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? null };
  },
  make: async ({ iam }, { name, boundaryArn }) => {
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: boundaryArn }),
    );
  },
};
