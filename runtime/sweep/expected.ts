import {
  type EC2Client,
  type NetworkInterface,
  paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import type { Covered } from "./flow-logs";
import type { Place } from "./place";
import type { Silence } from "./record";
import type { Wanted } from "./wanted";

const hour = 3_600_000;

/** Hours in which the baseline reaches a new account, and its first logs come. */
const youth = 6;

export const isYoung = ({ joined }: Place, now: Date): boolean =>
  joined !== undefined && now.getTime() - Date.parse(joined) < youth * hour;

/** Hours until the first records of what was switched on are there, on top of a source's own. */
const untilDelivered = 2;

/**
 * Whether something must come from a source that is silent. CloudTrail tells of every hour; from VPCs there is a log
 * only where they are logged long enough, and something is in them that sends, or asks for names. Source: "Flow log
 * limitations" (Amazon VPC user guide): nothing is delivered until there is traffic.
 */
export async function mustDeliver(
  ec2: EC2Client,
  { source, last }: Silence,
  covered: Readonly<Record<Exclude<Silence["source"], "cloudtrail">, Covered>>,
  { deliveries }: Pick<Wanted, "deliveries">,
  now: Date,
): Promise<boolean> {
  if (source === "cloudtrail") return true;
  const before = now.getTime() - (deliveries[source].silentAfter + untilDelivered) * hour;
  const settled = [...covered[source].since].filter(([, at]) => at.getTime() < before).map(([vpc]) => vpc);
  return anyInterface(ec2, settled, source === "flow-logs" || last !== undefined ? isInUse : asksForNames);
}

const isInUse = ({ Status }: NetworkInterface): boolean => Status === "in-use";

/** NAT gateways, endpoints and balancers ask the Resolver for nothing. */
const asksForNames = ({ Attachment, InterfaceType }: NetworkInterface): boolean =>
  Attachment?.InstanceId !== undefined || InterfaceType === "lambda";

/** EC2 takes so many values in a filter. */
const filterValues = 200;

async function anyInterface(
  client: EC2Client,
  vpcs: readonly string[],
  isMeant: (one: NetworkInterface) => boolean,
): Promise<boolean> {
  for (let from = 0; from < vpcs.length; from += filterValues) {
    const Filters = [{ Name: "vpc-id", Values: vpcs.slice(from, from + filterValues) }];
    for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces(
      { client, pageSize: 1000 },
      { Filters },
    )) {
      if (NetworkInterfaces.some(isMeant)) return true;
    }
  }
  return false;
}
