import { type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import { assumeRole, type Keys } from "../local-aws/clients";
import type { Workspace } from "./workspace";

/** Keys of a role, assumed with the management account's keys or with those given. */
export const assume = (
  workspace: Workspace,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
  keys?: Keys,
): Promise<Keys> => assumeRole(new STSClient(workspace.client(keys)), RoleArn, more);

/** Administrator's keys of an account, by the role that Organizations made there. */
export const administrator = (workspace: Workspace, account: string): Promise<Keys> =>
  assume(workspace, `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`);
