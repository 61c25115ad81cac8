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
export const whoAmI = (workspace: Workspace): string =>
  script(
    workspace,
    { name: "who-am-i", client: "sts", imports: "STSClient, GetCallerIdentityCommand" },
    "new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn, Account }) =>\n" +
      "  console.log(JSON.stringify({ Arn, Account, case: process.env.IR_KIT_CASE, profile: process.env.AWS_PROFILE })));\n",
  );

/** A script for `--exec` that prints a key's public half in Base64, as the AWS CLI would. */
export const readPublicKey = (workspace: Workspace, key: string): string =>
  script(
    workspace,
    { name: "public-key", client: "kms", imports: "KMSClient, GetPublicKeyCommand" },
    `new KMSClient({}).send(new GetPublicKeyCommand({ KeyId: ${JSON.stringify(key)} })).then(({ PublicKey }) =>\n` +
      '  console.log(Buffer.from(PublicKey).toString("base64")));\n',
  );

function script(
  workspace: Workspace,
  { name, client, imports }: Readonly<Record<"name" | "client" | "imports", string>>,
  text: string,
): string {
  const file = path.join(workspace.directory, `${name}.cjs`);
  const sdk = path.join(repository, "node_modules", "@aws-sdk", `client-${client}`);
  writeFileSync(file, `const { ${imports} } = require(${JSON.stringify(sdk)});\n${text}`);
  return `node ${file}`;
}
