import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { systemClock } from "../shared/clock";
import { NotPossible } from "../shared/errors";
import type { StepEvent } from "../shared/handler";
import type { Need } from "../shared/need";
import type { AccountClients, Setting } from "../shared/setting";
import type { FunctionEnvironment } from "./environment";
import { TableLedger } from "./table-ledger";

export const documentsIn = (region: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ region }), {
    marshallOptions: { removeUndefinedValues: true },
  });

/**
 * The surroundings of a step in a function: automation's role in each account, narrowed to what this step needs, and
 * the ledger in the table.
 */
export function functionSetting(environment: FunctionEnvironment, needs: readonly Need[]) {
  const { kit, homeRegion, table } = environment;
  const sts = new STSClient({ region: homeRegion });
  const documents = documentsIn(homeRegion);
  return ({ case: caseId, actor }: StepEvent): Setting => {
    const entered = new Map<string, Promise<AccountClients>>();
    return {
      kit,
      account: (id) => {
        const known = entered.get(id) ?? enter(sts, environment, needs, id, caseId);
        entered.set(id, known);
        return known;
      },
      sts: async () => sts,
      clock: systemClock,
      ledger: new TableLedger(documents, table, caseId),
      actor,
      caseId,
    };
  };
}

/** Seconds: the shortest session that STS gives; a function runs for two minutes at most. */
const shortest = 900;

/** The session has this step's permissions and no more, whatever the role may do for other steps. */
async function enter(
  sts: STSClient,
  { kit, hubAccount, spokeRole }: FunctionEnvironment,
  needs: readonly Need[],
  account: string,
  caseId: string,
): Promise<AccountClients> {
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
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: needs.map(({ action }) => action).sort(), Resource: "*" }],
      }),
    }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  return {
    // IAM has one endpoint in a partition, which the SDK finds from any region of it.
    iam: new IAMClient({ region: sts.config.region, credentials }),
    cloudTrail: (region) =>
      new CloudTrailClient({ region, credentials, retryMode: "adaptive", maxAttempts: 8 }),
  };
}
