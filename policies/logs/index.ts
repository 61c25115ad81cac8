import type { Landscape } from "../../landscape/model";
import { type LogKind, logKindsOf } from "../../landscape/names";
import { type PolicyDocument, policyDocument, type Statement } from "../document";
import { accessLogsDelivery } from "./access-logs";
import { allowInvestigation, bucketDenies, denyBypassingLock } from "./bucket";
import { cloudtrailDelivery, cloudtrailKey } from "./cloudtrail";
import { configDelivery, configKey } from "./config-history";
import { deliveredLogs, deliveredLogsKey } from "./delivered";
import { findingsDelivery, findingsKey } from "./findings";

const deliveries: Readonly<Record<LogKind, (landscape: Landscape) => Statement[]>> = {
  cloudtrail: cloudtrailDelivery,
  "flow-logs": (landscape) => deliveredLogs(landscape, "flow-logs"),
  "dns-queries": (landscape) => deliveredLogs(landscape, "dns-queries"),
  findings: findingsDelivery,
  "config-history": configDelivery,
};

const keys: Readonly<Record<LogKind, (landscape: Landscape) => Statement[]>> = {
  cloudtrail: cloudtrailKey,
  "flow-logs": deliveredLogsKey,
  "dns-queries": deliveredLogsKey,
  findings: findingsKey,
  "config-history": configKey,
};

/** Bucket policy of a kind of log: who may write, who may read, what nobody may do. */
export function bucketPolicy(landscape: Landscape, kind: LogKind | "access-logs"): PolicyDocument {
  if (kind === "access-logs") {
    return policyDocument([
      ...bucketDenies(landscape, kind),
      ...accessLogsDelivery(landscape, kind, logKindsOf(landscape)),
    ]);
  }
  return policyDocument([
    ...bucketDenies(landscape, kind),
    denyBypassingLock(landscape, kind),
    ...deliveries[kind](landscape),
    ...allowInvestigation(landscape, kind),
  ]);
}

/** Key policy of a kind of log. */
export const keyPolicy = (landscape: Landscape, kind: LogKind): PolicyDocument =>
  policyDocument(keys[kind](landscape));
