import { writeFileSync } from "node:fs";
import path from "node:path";
import { IAMClient } from "@aws-sdk/client-iam";
import type { Keys } from "../../local-aws/clients";
import { equipResponder } from "../../local-aws/responder";
import { repository } from "../../support/repository";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";

const equipped = new WeakMap<Workspace, Map<string, Promise<Keys>>>();

/** Keys of an emergency user, as an operator hands them out: once. */
export function responderKeys(workspace: Workspace, name = "emergency-1"): Promise<Keys> {
  const users = equipped.get(workspace) ?? new Map<string, Promise<Keys>>();
  equipped.set(workspace, users);
  const keys = users.get(name) ?? equip(workspace, name);
  users.set(name, keys);
  return keys;
}

async function equip(workspace: Workspace, name: string): Promise<Keys> {
  const account = workspace.landscape().accounts.forensics.id ?? "";
  return equipResponder(new IAMClient(workspace.client(await administrator(workspace, account))), name);
}

/** A script for `--exec` that says who it is, as the AWS CLI would. */
export function whoAmI(workspace: Workspace): string {
  const file = path.join(workspace.directory, "who-am-i.cjs");
  const sdk = path.join(repository, "node_modules", "@aws-sdk", "client-sts");
  writeFileSync(
    file,
    `const { STSClient, GetCallerIdentityCommand } = require(${JSON.stringify(sdk)});\n` +
      "new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn, Account }) =>\n" +
      "  console.log(JSON.stringify({ Arn, Account, case: process.env.IR_KIT_CASE, profile: process.env.AWS_PROFILE })));\n",
  );
  return `node ${file}`;
}
