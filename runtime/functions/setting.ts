import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { systemClock } from "../shared/clock";
import type { StepEvent } from "../shared/handler";
import type { Need } from "../shared/need";
import type { AccountClients, Setting } from "../shared/setting";
import { enterAs } from "./enter";
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

/** The session has this step's permissions and no more, whatever the role may do for other steps. */
async function enter(
  sts: STSClient,
  environment: FunctionEnvironment,
  needs: readonly Need[],
  account: string,
  caseId: string,
): Promise<AccountClients> {
  const credentials = await enterAs(sts, environment, account, caseId, [
    { Effect: "Allow", Action: needs.map(({ action }) => action).sort(), Resource: "*" },
  ]);
  return {
    // IAM has one endpoint in a partition, which the SDK finds from any region of it.
    iam: new IAMClient({ region: sts.config.region, credentials }),
    cloudTrail: (region) =>
      new CloudTrailClient({ region, credentials, retryMode: "adaptive", maxAttempts: 8 }),
  };
}
