import { lookup } from "node:dns";
import { Agent } from "node:http";
import { CreateAccessKeyCommand, type IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { managementKeys } from "./accounts";
import type { Front } from "./front";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Settings of an SDK client with some keys, the management account's unless others are given. */
export const clientSettings = (
  front: Front,
  // A session's expiry, which is text outside the SDK, is left behind.
  { accessKeyId, secretAccessKey, sessionToken }: Keys = managementKeys,
  region = "eu-west-1",
) => ({
  endpoint: `http://127.0.0.1:${front.port}`,
  region,
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler(),
});

/** Names under localhost are this machine's, which the C library doesn't know (RFC 6761). */
const onThisMachine = new Agent({
  keepAlive: true,
  lookup: (_name, options, done) => lookup("127.0.0.1", options, done),
});

/** Where S3 Control is: its client puts the account before the host, which takes a name and no address. */
export const s3ControlEndpoint = (port: number) => ({
  endpoint: `http://s3-control.localhost:${port}`,
  requestHandler: new NodeHttpHandler({ httpAgent: onThisMachine }),
});

/** Keys of a role's session, for whoever the client is. */
export async function assumeRole(
  sts: STSClient,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Required<Keys>> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "test", ...more }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

/** A new key of a user. */
export async function newKey(iam: IAMClient, UserName: string): Promise<Keys> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}
