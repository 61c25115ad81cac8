import {
  type EC2Client,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkInterfaces,
  paginateDescribeVpcEndpoints,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { NotPossible } from "../shared/errors";
import type { CollectTargets } from "./rules";

/** Without these no command reaches a machine. Source: "VPC endpoints for Systems Manager" (Systems Manager user guide). */
const wanted = ["ssm", "ssmmessages"];
/** Used where they are there: older agents' messages, and keys under which evidence is stored. */
const welcome = ["ec2messages", "kms"];

/**
 * Where a machine of a VPC reaches what evidence is collected by.
 *
 * @throws NotPossible where the VPC has no endpoints of Systems Manager: its machines reach it through the internet
 */
export async function collectTargets(
  ec2: EC2Client,
  { vpc, region }: { readonly vpc: string; readonly region: string },
): Promise<CollectTargets> {
  const endpoints = await endpointsOf(ec2, vpc);
  const missing = wanted.filter((service) => !endpoints.some((endpoint) => isOf(endpoint, service)));
  if (missing.length > 0) {
    throw new NotPossible(
      `${vpc} has no endpoint of ${missing.join(" and ")} that is available, so that its machines reach Systems Manager ` +
        "through the internet: collect evidence before the machine is isolated",
    );
  }
  const used = endpoints.filter((endpoint) =>
    [...wanted, ...welcome].some((service) => isOf(endpoint, service)),
  );
  const prefixList = await prefixListOfS3(ec2, region);
  return {
    ...(await addressesOf(
      ec2,
      used.flatMap(({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds),
    )),
    prefixList,
  };
}

/** Names of services begin otherwise in some partitions, and end alike. */
const isOf = ({ ServiceName = "" }: VpcEndpoint, service: string): boolean =>
  ServiceName.endsWith(`.${service}`);

async function endpointsOf(ec2: EC2Client, vpc: string): Promise<VpcEndpoint[]> {
  const found: VpcEndpoint[] = [];
  for await (const { VpcEndpoints = [] } of paginateDescribeVpcEndpoints(
    { client: ec2 },
    { Filters: [{ Name: "vpc-id", Values: [vpc] }] },
  )) {
    found.push(...VpcEndpoints);
  }
  return found.filter(
    ({ VpcEndpointType, State }) =>
      VpcEndpointType === "Interface" && String(State).toLowerCase() === "available",
  );
}

async function addressesOf(
  ec2: EC2Client,
  NetworkInterfaceIds: string[],
): Promise<Pick<CollectTargets, "addresses" | "addressesV6">> {
  const addresses = new Set<string>();
  const addressesV6 = new Set<string>();
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces(
    { client: ec2 },
    { Filters: [{ Name: "network-interface-id", Values: NetworkInterfaceIds }] },
  )) {
    for (const { PrivateIpAddress, Ipv6Addresses = [] } of NetworkInterfaces) {
      if (PrivateIpAddress !== undefined) addresses.add(PrivateIpAddress);
      for (const { Ipv6Address } of Ipv6Addresses)
        if (Ipv6Address !== undefined) addressesV6.add(Ipv6Address);
    }
  }
  return { addresses: [...addresses].sort(), addressesV6: [...addressesV6].sort() };
}

async function prefixListOfS3(ec2: EC2Client, region: string): Promise<string> {
  for await (const { PrefixLists = [] } of paginateDescribeManagedPrefixLists(
    { client: ec2 },
    { Filters: [{ Name: "owner-id", Values: ["AWS"] }] },
  )) {
    const list = PrefixLists.find(({ PrefixListName }) => PrefixListName?.endsWith(`.${region}.s3`));
    if (list?.PrefixListId !== undefined) return list.PrefixListId;
  }
  throw new NotPossible(`AWS names no prefix list of S3 in ${region}`);
}
