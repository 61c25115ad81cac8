import { setTimeout as sleep } from "node:timers/promises";
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import {
  type Ledger,
  type LedgerEntry,
  LedgerUnsound,
  type NewEntry,
  type Note,
  type Settlement,
  settledEntry,
} from "../shared/ledger";

type Kind = "entry" | "note";

/** As it stands in the table: the key's two halves, the number of its writings, and the entry or note itself. */
interface Item<T> {
  readonly case: string;
  readonly item: string;
  readonly revision: number;
  readonly value: T;
}

/**
 * A case's ledger in a DynamoDB table, for functions, of which several may write at once. Each writing is conditional:
 * a number is given once, and nobody overwrites what he has not read.
 */
export class TableLedger implements Ledger {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly caseId: string,
  ) {}

  readonly entries = (): Promise<readonly LedgerEntry[]> => this.all<LedgerEntry>("entry");

  readonly notes = (): Promise<readonly Note[]> => this.all<Note>("note");

  readonly intend = (entry: NewEntry): Promise<LedgerEntry> =>
    this.append("entry", (number) => ({ number, case: this.caseId, ...entry, state: "intended" }));

  readonly note = async (note: Note): Promise<void> => {
    await this.append("note", () => note);
  };

  readonly settle = (number: number, settlement: Settlement): Promise<LedgerEntry> =>
    unlessOvertaken(async () => {
      const key = { case: this.caseId, item: itemOf("entry", number) };
      const { Item: found } = await this.documents.send(
        new GetCommand({ TableName: this.table, Key: key, ConsistentRead: true }),
      );
      if (found === undefined) throw new LedgerUnsound(`table ${this.table} has no entry ${number}`);
      const { revision, value } = found as Item<LedgerEntry>;
      const settled = settledEntry(value, settlement);
      await this.documents.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...key, revision: revision + 1, value: settled },
          ConditionExpression: "revision = :read",
          ExpressionAttributeValues: { ":read": revision },
        }),
      );
      return settled;
    });

  private append<T>(kind: Kind, make: (number: number) => T): Promise<T> {
    return unlessOvertaken(async () => {
      const number = (await this.all(kind)).length + 1;
      const value = make(number);
      await this.documents.send(
        new PutCommand({
          TableName: this.table,
          Item: { case: this.caseId, item: itemOf(kind, number), revision: 1, value },
          ConditionExpression: "attribute_not_exists(#item)",
          ExpressionAttributeNames: { "#item": "item" },
        }),
      );
      return value;
    });
  }

  private async all<T>(kind: Kind): Promise<T[]> {
    const values: T[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.documents.send(
        new QueryCommand({
          TableName: this.table,
          KeyConditionExpression: "#case = :case AND begins_with(#item, :kind)",
          ExpressionAttributeNames: { "#case": "case", "#item": "item" },
          ExpressionAttributeValues: { ":case": this.caseId, ":kind": `${kind}#` },
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      values.push(...Items.map((found) => (found as Item<T>).value));
      from = LastEvaluatedKey;
    } while (from !== undefined);
    return values;
  }
}

/** Padded, so that the order of texts is that of numbers. */
const itemOf = (kind: Kind, number: number): string => `${kind}#${String(number).padStart(6, "0")}`;

const attempts = 25;

/** Does it again where another writer came between reading and writing; one of them always gets through. */
async function unlessOvertaken<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if ((error as Error).name !== "ConditionalCheckFailedException" || attempt === attempts) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}
