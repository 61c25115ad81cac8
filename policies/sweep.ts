import { responseLogGroupsArns } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { type PolicyDocument, policyDocument } from "./document";
import { bucketDenies } from "./logs/bucket";
import { administerKey, encryptFor, encryptLogs } from "./logs/key";

/** A VPC was made somewhere: it is looked at without waiting for the clock. */
export const newVpc = {
  source: ["aws.ec2"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventName: ["CreateVpc", "CreateDefaultVpc"], errorCode: [{ exists: false }] },
} as const;

/** Lists of places; who reads and writes them, the hub's own policies say. */
export const sweepsBucketPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument(bucketDenies(landscape, "sweeps"));

/** Records, lists of places and the functions' logs lie under one key of the hub's. */
export const sweepKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    encryptFor(landscape, landscape.hub, "ThroughTableAndBucket", ["dynamodb", "s3"]),
    encryptLogs(landscape, "Logs", responseLogGroupsArns(landscape)),
  ]);
