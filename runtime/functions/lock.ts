import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../shared/clock";

/** Milliseconds after which a lock that nobody gave back is over; its holder runs for half of that at most. */
const longest = 60_000;
const patience = 20_000;

/** Key of the lock among the cases, whose ids begin with capital letters. */
const key = { case: "cuts", item: "lock" };

export class LockHeld extends Error {
  override readonly name = "LockHeld";
}

/**
 * Runs work while nobody else does. A function's concurrency could be reserved to one in its place, but new accounts
 * have too little of it to reserve any (ADR 17).
 *
 * @throws LockHeld where another holds it for longer than a caller may wait
 */
export async function whileLocked<T>(
  documents: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  holder: string,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = clock.now().getTime() + patience;
  while (!(await taken(documents, table, clock, holder))) {
    if (clock.now().getTime() > deadline)
      throw new LockHeld("the cuts are being written by another; try again");
    await clock.sleep(250);
  }
  try {
    return await work();
  } finally {
    await documents
      .send(
        new DeleteCommand({
          TableName: table,
          Key: key,
          ConditionExpression: "holder = :holder",
          ExpressionAttributeValues: { ":holder": holder },
        }),
      )
      // The lock ends by itself; what the work gave or threw must not be lost for it.
      .catch((error: unknown) => console.warn({ lock: "not given back", why: (error as Error).name }));
  }
}

async function taken(
  documents: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  holder: string,
): Promise<boolean> {
  const now = clock.now().getTime();
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { ...key, holder, until: now + longest },
        ConditionExpression: "attribute_not_exists(holder) OR #until < :now OR #until > :never",
        ExpressionAttributeNames: { "#until": "until" },
        // No holder sets a time that far away: whoever did is none.
        ExpressionAttributeValues: { ":now": now, ":never": now + 2 * longest },
      }),
    );
    return true;
  } catch (error) {
    onlyIfHeld(error);
    return false;
  }
}

function onlyIfHeld(error: unknown): void {
  if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
}
