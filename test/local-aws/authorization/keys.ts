import { DescribeKeyCommand, GetKeyPolicyCommand, ListAliasesCommand } from "@aws-sdk/client-kms";
import { parsePolicy } from "../principals";
import type { IamRequest, Lookup } from "./request";

/** A key as IAM is asked about it, by whatever it is called, in whichever account; nothing where there is none. */
export async function keyOf(
  { call, account, context }: Lookup,
  key: string,
): Promise<Omit<IamRequest, "action"> | undefined> {
  const owner = key.startsWith("arn:") ? (key.split(":")[4] ?? account) : account;
  const kms = context.accounts.kms(owner, call.region);
  // The emulator knows an alias by its name only.
  const name =
    key.startsWith("arn:") && key.includes(":alias/") ? key.slice(key.indexOf(":alias/") + 1) : key;
  const found = await kms.send(new DescribeKeyCommand({ KeyId: name })).catch(() => undefined);
  const KeyId = found?.KeyMetadata?.KeyId;
  if (KeyId === undefined) return undefined;
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId }));
  return {
    resource: found?.KeyMetadata?.Arn ?? "",
    context: { "kms:ResourceAliases": Aliases.map(({ AliasName = "" }) => AliasName) },
    resourcePolicy: Policy === "" ? undefined : parsePolicy(Policy),
    ...(owner !== account && { owner }),
  };
}
