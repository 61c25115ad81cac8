import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type EventEnvelope, findingOf, severityNames, type ToldFinding } from "./finding";

export interface Teller {
  readonly documents: DynamoDBDocumentClient;
  readonly sns: SNSClient;
  readonly table: string;
  readonly topicArn: string;
  readonly now: () => Date;
  /** Told of what did not stop the alarm, for the function's log. */
  readonly warn: (message: string) => void;
}

/** `told`: somebody was told now; `known`: it was told today already. */
export type Outcome = "told" | "known";

/** Days for which the table keeps what was told; one would do, and a second one lets somebody look. */
const keptDays = 2;

/**
 * Tells of a finding, once a day and again when it has become more severe. An ongoing finding comes up every fifteen
 * minutes, and by two ways where Security Hub passes GuardDuty's findings on.
 *
 * What was told is written down first, under a condition, so that of two events one wins. Whatever else fails, the alarm
 * is raised: rather twice than not at all. Where it can't be, the note is taken back, and the event goes the way of what
 * could not be delivered.
 *
 * @throws Error of SNS where nobody could be told
 */
export async function tellOnce(teller: Teller, event: EventEnvelope): Promise<Outcome> {
  const finding = findingOf(event);
  const key = keyOf(finding, event, teller.now());
  if (key !== undefined && !(await note(teller, key, finding, event))) return "known";
  try {
    await teller.sns.send(new PublishCommand({ TopicArn: teller.topicArn, Message: messageOf(finding) }));
  } catch (error) {
    if (key !== undefined) await takeBack(teller, key, event);
    throw error;
  }
  return "told";
}

/** Of a finding without an id there is nothing to remember. */
const keyOf = ({ identity }: ToldFinding, { time }: EventEnvelope, now: Date): Key | undefined =>
  identity === undefined
    ? undefined
    : { finding: identity, day: dayOf(time) ?? now.toISOString().slice(0, 10) };

interface Key {
  readonly finding: string;
  readonly day: string;
}

const dayOf = (time: string | undefined): string | undefined =>
  /^\d{4}-\d{2}-\d{2}(?=T)/.exec(time ?? "")?.[0];

/**
 * Writes down that a finding is told today.
 *
 * @returns false where it was told before, as severe as now, by another event. An invocation that is repeated brings the
 *   same event, and must tell what its predecessor could not.
 */
async function note(
  { documents, table, now, warn }: Teller,
  key: Key,
  { severity }: ToldFinding,
  { id = "none" }: EventEnvelope,
): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: {
          ...key,
          severity,
          event: id,
          expires: Math.floor(now().getTime() / 1000) + keptDays * 86_400,
        },
        ConditionExpression: "attribute_not_exists(finding) OR severity < :severity OR #event = :event",
        ExpressionAttributeNames: { "#event": "event" },
        ExpressionAttributeValues: { ":severity": severity, ":event": id },
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === "ConditionalCheckFailedException") return false;
    warn(
      `the table ${table} did not answer, and the alarm is raised all the same: ${(error as Error).message}`,
    );
    return true;
  }
}

async function takeBack(
  { documents, table, warn }: Teller,
  key: Key,
  { id = "none" }: EventEnvelope,
): Promise<void> {
  try {
    await documents.send(
      new DeleteCommand({
        TableName: table,
        Key: key,
        ConditionExpression: "#event = :event",
        ExpressionAttributeNames: { "#event": "event" },
        ExpressionAttributeValues: { ":event": id },
      }),
    );
  } catch (error) {
    warn(`the note of an alarm that nobody got stays in ${table}: ${(error as Error).message}`);
  }
}

const messageOf = ({ severity, title, account, region, resource, id }: ToldFinding): string =>
  `${(severityNames[severity] ?? severityNames[0]).toUpperCase()}: ${title}. Account ${account}, ${region}, resource ${resource}. Finding ${id}.`;
