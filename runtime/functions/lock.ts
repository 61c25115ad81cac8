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

/** What a holder leaves for the next one, and when. */
interface Note {
  readonly at: number;
  readonly note: unknown;
}

/** Milliseconds for which it is kept: longer than AWS answers with what was before a change. */
const remembered = 300_000;

/** What is handed from holder to holder with the lock, by a store that never answers with what was before. */
export interface Handed<N> {
  /** What was left within the last five minutes, oldest first. */
  readonly notes: readonly N[];
  readonly leave: (note: N) => void;
}

/**
 * Runs work while nobody else does. A function's concurrency could be reserved to one in its place, but new accounts
 * have too little of it to reserve any (ADR 17).
 *
 * @throws LockHeld where another holds it for longer than a caller may wait
 */
export async function whileLocked<T, N = never>(
  documents: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  holder: string,
  work: (handed: Handed<N>) => Promise<T>,
): Promise<T> {
  const deadline = clock.now().getTime() + patience;
  let notes: readonly Note[] | undefined;
  for (;;) {
    notes = await taken(documents, table, clock, holder);
    if (notes) break;
    if (clock.now().getTime() > deadline)
      throw new LockHeld("the cuts are being written by another; try again");
    await clock.sleep(250);
  }
  const left = [...notes];
  try {
    return await work({
      notes: notes.map(({ note }) => note as N),
      leave: (note) => left.push({ at: clock.now().getTime(), note }),
    });
  } finally {
    await givenBack(documents, table, holder, left)
      // The lock ends by itself; what the work gave or threw must not be lost for it.
      .catch((error: unknown) => console.warn({ lock: "not given back", why: (error as Error).name }));
  }
}

async function givenBack(
  documents: DynamoDBDocumentClient,
  table: string,
  holder: string,
  notes: readonly Note[],
): Promise<void> {
  const ours = {
    TableName: table,
    ConditionExpression: "holder = :holder",
    ExpressionAttributeValues: { ":holder": holder },
  };
  await (notes.length === 0
    ? documents.send(new DeleteCommand({ ...ours, Key: key }))
    : documents.send(new PutCommand({ ...ours, Item: { ...key, notes } })));
}

/** @returns what earlier holders have left, where the lock was taken */
async function taken(
  documents: DynamoDBDocumentClient,
  table: string,
  clock: Clock,
  holder: string,
): Promise<readonly Note[] | undefined> {
  const now = clock.now().getTime();
  try {
    const { Attributes } = await documents.send(
      new PutCommand({
        TableName: table,
        Item: { ...key, holder, until: now + longest },
        ConditionExpression: "attribute_not_exists(holder) OR #until < :now OR #until > :never",
        ExpressionAttributeNames: { "#until": "until" },
        // No holder sets a time that far away: whoever did is none.
        ExpressionAttributeValues: { ":now": now, ":never": now + 2 * longest },
        ReturnValues: "ALL_OLD",
      }),
    );
    const notes = (Attributes?.notes ?? []) as readonly Note[];
    return notes.filter(({ at }) => at > now - remembered);
  } catch (error) {
    onlyIfHeld(error);
    return undefined;
  }
}

function onlyIfHeld(error: unknown): void {
  if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
}
