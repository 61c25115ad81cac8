import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { SweepRecord } from "../sweep/record";
import type { Records } from "../sweep/setting";

/** Records of the sweep in a table: the newest of each account and region. */
export class TableRecords implements Records {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  readonly put = async (record: SweepRecord): Promise<void> => {
    await this.documents.send(new PutCommand({ TableName: this.table, Item: record }));
  };

  async *all(): AsyncIterable<SweepRecord> {
    for await (const { Items = [] } of paginateScan({ client: this.documents }, { TableName: this.table })) {
      for (const item of Items) yield item as SweepRecord;
    }
  }
}
