import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import type { Keys, Workspace } from "./workspace";

/** Keys of a role, assumed with the management account's keys or with those given. */
export async function assume(
  workspace: Workspace,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
  keys?: Keys,
): Promise<Keys> {
  const sts = new STSClient(workspace.client(keys));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "e2e", ...more }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

/** Administrator's keys of an account, by the role that Organizations made there. */
export const administrator = (workspace: Workspace, account: string): Promise<Keys> =>
  assume(workspace, `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`);
