import type { IpPermission } from "@aws-sdk/client-ec2";

/** Rules with one source or destination each, by a text that two alike have in common: AWS lists several as one. */
export function singles(permissions: readonly IpPermission[]): Map<string, IpPermission> {
  const found = new Map<string, IpPermission>();
  for (const permission of permissions) {
    for (const single of ofOne(permission)) found.set(textOf(single), single);
  }
  return found;
}

function ofOne({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges = [],
  Ipv6Ranges = [],
  PrefixListIds = [],
  UserIdGroupPairs = [],
}: IpPermission): IpPermission[] {
  const base = {
    IpProtocol,
    ...(FromPort !== undefined && { FromPort }),
    ...(ToPort !== undefined && { ToPort }),
  };
  return [
    ...IpRanges.map(({ CidrIp }) => ({ ...base, IpRanges: [{ CidrIp }] })),
    ...Ipv6Ranges.map(({ CidrIpv6 }) => ({ ...base, Ipv6Ranges: [{ CidrIpv6 }] })),
    ...PrefixListIds.map(({ PrefixListId }) => ({ ...base, PrefixListIds: [{ PrefixListId }] })),
    ...UserIdGroupPairs.map(({ GroupId, UserId }) => ({ ...base, UserIdGroupPairs: [{ GroupId, UserId }] })),
  ];
}

/** Of all protocols there are no ports, whatever they are given as. */
const textOf = ({ IpProtocol, FromPort, ToPort, ...target }: IpPermission): string =>
  JSON.stringify([IpProtocol, ...(IpProtocol === "-1" ? [] : [FromPort, ToPort]), target]);
