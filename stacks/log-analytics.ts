import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database";
import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { LogBucket } from "../constructs/log-bucket";
import { removableKey } from "../constructs/removable-key";
import { literal } from "../constructs/terraform-text";
import type { Landscape } from "../landscape/model";
import {
  accountId,
  bucketName,
  investigationWorkgroupName,
  logDatabaseName,
  queryResultsKeyAliasName,
} from "../landscape/names";
import { queryResultsKeyPolicy, queryResultsPolicy } from "../policies/query-results";
import { questions } from "../questions";
import { template } from "../questions/render";
import type { LogTable } from "../questions/table";
import { logTables } from "../questions/tables";
import { catalogParameters, tableLocation } from "../questions/tables/placement";

/** Days for which answers are kept; what a case needs of them belongs to its evidence. */
const resultDays = 30;

/** Bytes after which Athena stops a question: a terabyte, which costs about five dollars. */
const scanLimit = 1_000_000_000_000;

/** Makes the organization's logs answer questions: tables, a workgroup with a limit, the saved questions. */
export class LogAnalyticsStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.hub, region: landscape.homeRegion });
    const workgroup = this.createWorkgroup();
    const database = new GlueCatalogDatabase(this, "database", {
      name: logDatabaseName(landscape),
      description: "Logs of the whole organization",
    });
    for (const table of Object.values(logTables)) this.createTable(database, table);
    this.saveQuestions(workgroup, database);
  }

  private createWorkgroup(): AthenaWorkgroup {
    const { landscape } = this;
    const key = removableKey(this, {
      alias: queryResultsKeyAliasName(landscape),
      description: "Encrypts answers to questions about the organization's logs",
      policy: queryResultsKeyPolicy(landscape),
    });
    const bucket = new LogBucket(this, "results", {
      bucketName: bucketName(landscape, "query-results"),
      policy: queryResultsPolicy(landscape),
      keyArn: key.arn,
      retention: { days: resultDays },
      removable: true,
    });
    return new AthenaWorkgroup(this, "workgroup", {
      name: investigationWorkgroupName(landscape),
      description: "Questions of an investigation to the organization's logs",
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimit,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${bucket.bucket.bucket}/`,
          expectedBucketOwner: accountId(this.account),
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn },
        },
      },
    });
  }

  private createTable(database: GlueCatalogDatabase, table: LogTable): void {
    const { serde, columns, partitionKeys } = table;
    new GlueCatalogTable(this, table.name, {
      databaseName: database.name,
      name: table.name,
      description: table.holds,
      tableType: "EXTERNAL_TABLE",
      parameters: Object.fromEntries(
        Object.entries(catalogParameters(this.landscape, table)).map(([key, value]) => [key, literal(value)]),
      ),
      partitionKeys: partitionKeys.map(({ name, type, holds }) => ({
        name,
        type,
        ...(holds !== undefined && { comment: holds }),
      })),
      storageDescriptor: {
        location: tableLocation(this.landscape, table),
        inputFormat: serde.inputFormat,
        outputFormat: serde.outputFormat,
        serDeInfo: {
          name: table.name,
          serializationLibrary: serde.library,
          parameters: { ...serde.parameters },
        },
        columns: columns.map(({ name, type, holds }) => ({
          name,
          type,
          ...(holds !== undefined && { comment: holds }),
        })),
      },
    });
  }

  /** For the console; `ir-kit query` fills in where and when by itself. */
  private saveQuestions(workgroup: AthenaWorkgroup, database: GlueCatalogDatabase): void {
    for (const question of questions) {
      new AthenaNamedQuery(this, question.id, {
        name: question.id,
        description: question.title,
        workgroup: workgroup.name,
        database: database.name,
        query: literal(template(question)),
      });
    }
  }
}
