import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { GetCommand, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { SweepRecord } from "../sweep/record";
import type { Records } from "../sweep/setting";

/** The item beside the records that remembers what was told. */
const memory = { account: "told", region: "all" } as const;

/** Seconds after which DynamoDB may drop a record that is not renewed: its account has left. */
const keptFor = 14 * 86_400;

/** Records of the sweep in a table: the newest of each account and region. */
export class TableRecords implements Records {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
  ) {}

  readonly put = async (record: SweepRecord): Promise<void> => {
    const expires = Math.floor(Date.parse(record.at) / 1000) + keptFor;
    await this.documents.send(new PutCommand({ TableName: this.table, Item: { ...record, expires } }));
  };

  async *all(): AsyncIterable<SweepRecord> {
    for await (const { Items = [] } of paginateScan({ client: this.documents }, { TableName: this.table })) {
      for (const { expires, ...item } of Items)
        if (item.account !== memory.account) yield item as SweepRecord;
    }
  }

  readonly told = async (): Promise<readonly string[]> => {
    const { Item } = await this.documents.send(
      new GetCommand({ TableName: this.table, Key: memory, ConsistentRead: true }),
    );
    return (Item?.silent as string[] | undefined) ?? [];
  };

  readonly tell = async (silent: readonly string[]): Promise<void> => {
    await this.documents.send(new PutCommand({ TableName: this.table, Item: { ...memory, silent } }));
  };
}
