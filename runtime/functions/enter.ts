import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { NotPossible } from "../shared/errors";
import type { FunctionEnvironment } from "./environment";

/** Seconds: the shortest session that STS gives; a function runs for two minutes at most. */
const shortest = 900;

/**
 * Credentials of automation's role in an account, narrowed to what is to be done there.
 *
 * @param statements of the session's own policy: what the role may do beside, the session may not
 * @throws NotPossible for the hub's own account
 */
export async function enterAs(
  sts: STSClient,
  { kit, hubAccount, spokeRole }: Pick<FunctionEnvironment, "kit" | "hubAccount" | "spokeRole">,
  account: string,
  caseId: string,
  statements: readonly unknown[],
) {
  if (account === hubAccount) {
    throw new NotPossible(
      `${account} is the hub's own account, in which automation changes nothing: seal it from the management account`,
    );
  }
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:${kit.partition}:iam::${account}:role${kit.iamPath}${spokeRole}`,
      RoleSessionName: caseId,
      DurationSeconds: shortest,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}
