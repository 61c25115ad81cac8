import type { IpPermission } from "@aws-sdk/client-ec2";
import type { IsolationKind } from "../../landscape/tasks";

/** What a group lets through, each way. */
export interface IsolationRules {
  readonly inward: readonly IpPermission[];
  readonly outward: readonly IpPermission[];
}

/** Where evidence is handed over: addresses of interface endpoints, and the prefix list of S3 in the region. */
// A type, not an interface: only that has the index signature of JSON.
export type CollectTargets = {
  readonly addresses: readonly string[];
  readonly addressesV6: readonly string[];
  readonly prefixList: string;
};

/** IPv4 and IPv6 apart, as AWS lists them. AWS gives a new group the outward half of it. */
export const everything: readonly IpPermission[] = [
  { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
  { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
];

const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 } as const;

/**
 * The only rules that the kit ever gives a group by which a machine is isolated.
 *
 * `open` lets everything in and out, by which connections are tracked no longer; `empty`, put on at once after it, lets
 * nothing. Source: "Amazon EC2 security group connection tracking": untracked is a flow only where rules for all
 * addresses allow it both ways, IPv4 and IPv6 apart. `collect` reaches the endpoints through which evidence is collected,
 * and nothing else: by their addresses, since a rule that names a group keeps that group from being deleted.
 *
 * @param targets of kind `collect`
 * @throws TypeError of `collect` without targets, which would be another group that lets nothing through
 */
export function isolationRules(kind: IsolationKind, targets?: CollectTargets): IsolationRules {
  switch (kind) {
    case "empty":
      return { inward: [], outward: [] };
    case "open":
      return { inward: everything, outward: everything };
    case "collect": {
      if (!targets) throw new TypeError("rules of kind collect want targets");
      const { addresses, addressesV6, prefixList } = targets;
      return {
        inward: [],
        outward: [
          ...addresses.map((address) => ({ ...https, IpRanges: [{ CidrIp: `${address}/32` }] })),
          ...addressesV6.map((address) => ({ ...https, Ipv6Ranges: [{ CidrIpv6: `${address}/128` }] })),
          { ...https, PrefixListIds: [{ PrefixListId: prefixList }] },
        ],
      };
    }
  }
}
