import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { LogKey } from "../constructs/log-key";
import type { Landscape } from "../landscape/model";
import { caseKeyAliasName, caseTableName } from "../landscape/names";
import { caseKeyPolicy } from "../policies/response";

/**
 * Ledgers of cases. What is in them is evidence: nobody deletes it by mistake, and every second of 35 days can be
 * restored. A stack of its own, since what runs the response must be removable.
 */
export class CasesStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    const key = new LogKey(this, "key", {
      alias: caseKeyAliasName(landscape),
      description: "Encrypts ledgers of cases",
      policy: caseKeyPolicy(landscape),
    });
    new DynamodbTable(this, "cases", {
      name: caseTableName(landscape),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "case",
      rangeKey: "item",
      attribute: [
        { name: "case", type: "S" },
        { name: "item", type: "S" },
      ],
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
  }
}
