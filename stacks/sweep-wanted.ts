import { guardDutyFeatures } from "../constructs/guard-duty";
import { bucketArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId, bucketName, isolationGroupName, organizationId, queryLogName } from "../landscape/names";
import { guardDutyPlans } from "../landscape/schema/detection";
import { flowLogFormat, flowLogInterval } from "../questions/tables/flow-logs";
import type { Wanted } from "../runtime/sweep/wanted";
import { inspectorTypes } from "./administrator";

/** Organization-wide settings of these services reach accounts to come; those that are there are the sweep's. */
function membersOf({ detection, accounts, hub }: Landscape): Pick<Wanted, "members"> {
  const { guardDuty, inspector, macie } = detection ?? {};
  if (!guardDuty && !inspector && !macie) return {};
  // A hub that was re-homed administers none of them, nor may its sweep in the account that does.
  if (hub.id !== accounts.security.id) return {};
  return {
    members: {
      administrator: accountId(accounts.security),
      ...(guardDuty && {
        guardDutyOff: guardDutyPlans
          .filter((plan) => !guardDuty.plans.includes(plan))
          .map((plan) => guardDutyFeatures[plan]),
      }),
      ...(inspector && { inspector: inspector.scans.map((scan) => inspectorTypes[scan]).sort() }),
      ...(macie && { macie }),
    },
  };
}

/**
 * What the sweep switches on, and where it looks whether logs come, derived from the landscape.
 *
 * CloudTrail writes a digest every hour, whether anything happened or not ("Validating CloudTrail log file integrity"),
 * so that a place without one is not recorded. Others deliver only where there is traffic.
 */
export const wantedOf = (landscape: Landscape): Wanted => ({
  homeRegion: landscape.homeRegion,
  regions: landscape.regions,
  optInRegions: landscape.partition.regions
    .filter(({ name, optIn }) => optIn && landscape.regions.includes(name))
    .map(({ name }) => name),
  reportUnwatched: landscape.access?.unwatchedRegions !== "deny",
  flowLogs: {
    destinationArn: bucketArn(landscape, "flow-logs"),
    format: flowLogFormat,
    interval: flowLogInterval,
  },
  ...(landscape.access && { isolation: { name: isolationGroupName(landscape) } }),
  queryLog: { name: queryLogName(landscape), owner: accountId(landscape.accounts.security) },
  ...membersOf(landscape),
  settings: {
    ebsEncryptionByDefault: landscape.sweep.ebsEncryptionByDefault,
    blockPublicSnapshots: landscape.sweep.blockPublicSnapshots,
    blockPublicBuckets: landscape.sweep.blockPublicBuckets,
  },
  deliveries: {
    cloudtrail: {
      bucket: bucketName(landscape, "cloudtrail"),
      folder: `AWSLogs/${organizationId(landscape)}/{account}/CloudTrail-Digest/{region}/`,
      days: "slashed",
      silentAfter: 6,
    },
    "flow-logs": {
      bucket: bucketName(landscape, "flow-logs"),
      folder: "AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/",
      days: "hive",
      silentAfter: 6,
    },
    "dns-queries": {
      bucket: bucketName(landscape, "dns-queries"),
      folder: "{region}/AWSLogs/{account}/vpcdnsquerylogs/",
      days: "slashed",
      divided: true,
      silentAfter: 48,
    },
  },
});
