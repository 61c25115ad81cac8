import type { AwsCall } from "../protocol";

/**
 * Calls on what lies in a resource, which the event history never shows.
 *
 * Sources: "Logging data events" (AWS CloudTrail user guide): S3 objects, items of DynamoDB, invocations of Lambda,
 * messages of SNS and SQS, EBS direct APIs; "Logging Amazon EventBridge API calls": PutEvents is not logged.
 */
const dataEvents: Readonly<Record<string, RegExp>> = {
  dynamodb:
    /^(Batch(Get|Write)Item|(Batch)?ExecuteStatement|(Get|Put|Update|Delete)Item|Query|Scan|Transact\w+|ExecuteTransaction)$/,
  ebs: /./,
  events: /^PutEvents$/,
  lambda: /\/invocations$/,
  sns: /^Publish(Batch)?$/,
  sqs: /^(SendMessage|ReceiveMessage|DeleteMessage|ChangeMessageVisibility)(Batch)?$/,
};

const bucketOperation = /^(CreateBucket|(Get|Put|Delete)Bucket[A-Z]\w+)$/;

/** Whether the event history shows a call at all. */
export function isManagementEvent(call: AwsCall): boolean {
  if (call.service === "" || call.accessKeyId === "") return false;
  // Of S3 only what the front can name as CloudTrail does.
  if (call.service === "s3") return call.key === undefined && bucketOperation.test(call.operation);
  return !(dataEvents[call.service]?.test(call.operation) ?? false);
}

/** Whether a call only reads; STS counts as reading, since it changes nothing. */
export const isReadOnly = ({ service, method, operation }: AwsCall): boolean =>
  service === "sts" ||
  /^(GET|HEAD) |^(Get|List|Describe|Head|Lookup|Simulate|BatchGet)/.test(operation) ||
  method === "HEAD";
