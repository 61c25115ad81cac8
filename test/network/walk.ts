import type {
  IpPermission,
  NetworkAcl,
  NetworkAclEntry,
  Route,
  RouteTable,
  SecurityGroup,
  Subnet,
} from "@aws-sdk/client-ec2";
import ipaddr from "ipaddr.js";
import type { NetworkState } from "./state";

type Protocol = "tcp" | "udp" | "icmp";

/** The first packet of a conversation, seen from the machine inside. */
export interface Packet {
  readonly way: "out" | "in";
  /** The other side: an address, or a list of AWS's services. */
  readonly peer: string;
  readonly protocol: Protocol;
  /** Port of who is asked. */
  readonly port: number;
}

const numbers: Readonly<Record<Protocol, string>> = { icmp: "1", tcp: "6", udp: "17" };
const isList = (peer: string): boolean => peer.startsWith("pl-");
const isSix = (peer: string): boolean => peer.includes(":");

function inside(range: string | undefined, peer: string): boolean {
  if (range === undefined || isList(range) || isList(peer)) return false;
  const address = ipaddr.parse(peer);
  const [network, length] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && (address as ipaddr.IPv4).match(network as ipaddr.IPv4, length);
}

const destinationOf = (route: Route): string | undefined =>
  route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;

const targetOf = (route: Route): string =>
  route.GatewayId ??
  route.NatGatewayId ??
  route.VpcPeeringConnectionId ??
  route.TransitGatewayId ??
  route.NetworkInterfaceId ??
  route.EgressOnlyInternetGatewayId ??
  route.InstanceId ??
  "somewhere";

const tableOf = ({ routeTables }: NetworkState, { SubnetId }: Subnet): RouteTable | undefined =>
  routeTables.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId)) ??
  routeTables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main));

/** Where a table sends what goes to an address: the longest range that holds it decides. */
export function routed(table: RouteTable | undefined, peer: string): string | undefined {
  const fitting = (table?.Routes ?? []).filter((route) =>
    isList(peer) ? route.DestinationPrefixListId === peer : inside(destinationOf(route), peer),
  );
  const [longest] = fitting.sort((one, other) => lengthOf(other) - lengthOf(one));
  return longest && targetOf(longest);
}

const lengthOf = (route: Route): number => Number(destinationOf(route)?.split("/")[1] ?? 128);

/** What a network ACL says of a packet that goes one way: the first rule that fits, in the order of numbers. */
function aclAdmits(
  acl: NetworkAcl | undefined,
  egress: boolean,
  peer: string,
  protocol: Protocol,
  port: number,
) {
  const fitting = (acl?.Entries ?? [])
    .filter((entry) => entry.Egress === egress && fits(entry, peer, protocol, port))
    .sort((one, other) => (one.RuleNumber ?? 0) - (other.RuleNumber ?? 0));
  return fitting[0]?.RuleAction === "allow";
}

function fits(entry: NetworkAclEntry, peer: string, protocol: Protocol, port: number): boolean {
  // Lists of services are ranges of public addresses, which only a rule for all of them holds for certain.
  const where = isList(peer)
    ? entry.CidrBlock === "0.0.0.0/0"
    : inside(isSix(peer) ? entry.Ipv6CidrBlock : entry.CidrBlock, peer);
  const same = entry.Protocol === "-1" || entry.Protocol === numbers[protocol];
  const { From, To } = entry.PortRange ?? {};
  const ported =
    entry.Protocol === "-1" ||
    protocol === "icmp" ||
    From === undefined ||
    (From <= port && port <= (To ?? From));
  return where && same && ported;
}

function groupAdmits(
  { IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup,
  packet: Packet,
): boolean {
  return (packet.way === "out" ? IpPermissionsEgress : IpPermissions).some((one) => permits(one, packet));
}

function permits(permission: IpPermission, { peer, protocol, port }: Packet): boolean {
  const same = ["-1", protocol, numbers[protocol]].includes(permission.IpProtocol ?? "");
  const { FromPort, ToPort } = permission;
  const ported =
    permission.IpProtocol === "-1" ||
    protocol === "icmp" ||
    FromPort === undefined ||
    (FromPort <= port && port <= (ToPort ?? FromPort));
  const where =
    (permission.IpRanges ?? []).some(({ CidrIp }) => inside(CidrIp, peer)) ||
    (permission.Ipv6Ranges ?? []).some(({ CidrIpv6 }) => inside(CidrIpv6, peer)) ||
    (permission.PrefixListIds ?? []).some(({ PrefixListId }) => PrefixListId === peer);
  return same && ported && where;
}

/** Addresses at which the internet, other networks and link-local services would be met. */
const everywhere = ["203.0.113.10", "8.8.8.8", "10.0.0.10", "172.31.0.10", "2001:db8::10", "2600::10"];
const everyPort = [22, 53, 80, 443, 3389, 8080, 50_000];

const firstOf = (range: string): string => {
  const [address] = ipaddr.parseCIDR(range);
  return address.toString();
};

/** Peers to try: those above, inside each subnet, and wherever any rule or route of the network points to. */
function peersOf({ subnets, routeTables, acls, groups }: NetworkState): string[] {
  const ranges = [
    ...subnets.map(({ CidrBlock }) => CidrBlock),
    ...routeTables.flatMap(({ Routes = [] }) => Routes.map(destinationOf)),
    ...acls.flatMap(({ Entries = [] }) => Entries.flatMap((one) => [one.CidrBlock, one.Ipv6CidrBlock])),
    ...groups.flatMap(({ IpPermissions = [], IpPermissionsEgress = [] }) =>
      [...IpPermissions, ...IpPermissionsEgress].flatMap(
        ({ IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) => [
          ...IpRanges.map(({ CidrIp }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
          ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
        ],
      ),
    ),
  ].filter((range): range is string => range !== undefined && !/^(0\.0\.0\.0|::)\/0$/.test(range));
  return [...new Set([...everywhere, ...ranges.map((range) => (isList(range) ? range : firstOf(range)))])];
}

/** Ports to try: well-known ones, and those at which any rule begins or ends. */
function portsOf({ acls, groups }: NetworkState): number[] {
  const bounds = [
    ...acls.flatMap(({ Entries = [] }) =>
      Entries.flatMap(({ PortRange }) => [PortRange?.From, PortRange?.To]),
    ),
    ...groups.flatMap(({ IpPermissions = [], IpPermissionsEgress = [] }) =>
      [...IpPermissions, ...IpPermissionsEgress].flatMap(({ FromPort, ToPort }) => [FromPort, ToPort]),
    ),
  ].filter((port): port is number => port !== undefined && port > 0);
  return [...new Set([...everyPort, ...bounds])];
}

export function packetsOf(state: NetworkState): Packet[] {
  const peers = peersOf(state);
  const ports = portsOf(state);
  return (["out", "in"] as const).flatMap((way) =>
    peers.flatMap((peer) => [
      ...(["tcp", "udp"] as const).flatMap((protocol) =>
        ports.map((port): Packet => ({ way, peer, protocol, port })),
      ),
      { way, peer, protocol: "icmp", port: 0 } as const,
    ]),
  );
}

/** What a network lets through, layer by layer: each must hold by itself, whatever the others do. */
export interface Verdict {
  /** Conversations that get through all layers, from or to a machine with one of the groups. */
  readonly conversations: readonly string[];
  /** What a layer alone would let through. */
  readonly routes: readonly string[];
  readonly acls: readonly string[];
  readonly groups: readonly string[];
  /** Joints to other networks, endpoints, names that are answered, and public addresses. */
  readonly joints: readonly string[];
  /** How many packets were moved. */
  readonly walked: number;
}

const told = ({ way, peer, protocol, port }: Packet): string =>
  `${way} ${protocol}${protocol === "icmp" ? "" : `/${port}`} ${peer}`;

/** What becomes of one packet at a machine in a subnet, layer by layer. */
function step(state: NetworkState, subnet: Subnet, packet: Packet) {
  const { way, peer, protocol, port } = packet;
  const acl = aclOf(state, subnet);
  const crosses = isList(peer) || !inside(subnet.CidrBlock, peer);
  const there = aclAdmits(acl, way === "out", peer, protocol, port);
  // The answer goes to a port that the one who asked has taken.
  const back = aclAdmits(acl, way === "in", peer, protocol, protocol === "icmp" ? 0 : 50_000);
  const passes = (!crosses || (there && back)) && routed(tableOf(state, subnet), peer) !== undefined;
  const admitting = state.groups.filter((group) => groupAdmits(group, packet));
  const toldBy = admitting.map(({ GroupName }) => `${GroupName} ${told(packet)}`);
  return {
    acls: crosses && there ? [`${subnet.CidrBlock} ${told(packet)}`] : [],
    groups: toldBy,
    conversations: passes ? toldBy : [],
  };
}

const aclOf = ({ acls }: NetworkState, { SubnetId }: Subnet): NetworkAcl | undefined =>
  acls.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId));

const unique = (all: readonly string[]): string[] => [...new Set(all)].sort();

/** Moves every packet from and to a machine in every subnet, with every group. */
export function walk(state: NetworkState): Verdict {
  const packets = packetsOf(state);
  const steps = state.subnets.flatMap((subnet) => packets.map((packet) => step(state, subnet, packet)));
  const leaving = state.routeTables.flatMap((table) =>
    peersOf(state).flatMap((peer) => {
      const target = routed(table, peer);
      return target === undefined || target === "local" ? [] : [`${peer} by ${target}`];
    }),
  );
  const unused = state.acls
    .filter(({ Associations = [] }) => Associations.length === 0)
    .flatMap((acl) =>
      packets
        .filter(({ way, peer, protocol, port }) => aclAdmits(acl, way === "out", peer, protocol, port))
        .map((packet) => `unused ${told(packet)}`),
    );
  return {
    conversations: unique(steps.flatMap(({ conversations }) => conversations)),
    routes: unique(leaving),
    acls: unique([...steps.flatMap(({ acls }) => acls), ...unused]),
    groups: unique([...steps.flatMap(({ groups }) => groups), ...ofGroups(state)]),
    joints: jointsOf(state),
    walked: steps.length,
  };
}

/** Rules that name a group in place of addresses. */
const ofGroups = ({ groups }: NetworkState): string[] =>
  groups.flatMap(({ GroupName, IpPermissions = [], IpPermissionsEgress = [] }) =>
    [
      ...IpPermissions.map((one) => ["in", one] as const),
      ...IpPermissionsEgress.map((one) => ["out", one] as const),
    ].flatMap(([way, { IpProtocol, FromPort, UserIdGroupPairs = [] }]) =>
      UserIdGroupPairs.map(
        ({ GroupId }) =>
          `${GroupName} ${way} ${IpProtocol}/${FromPort ?? "all"} ${groups.find((one) => one.GroupId === GroupId)?.GroupName ?? GroupId}`,
      ),
    ),
  );

function jointsOf({ vpc, resolvesNames, subnets, endpoints, gateways, acls }: NetworkState): string[] {
  const associated = acls.flatMap(({ Associations = [], IsDefault }) =>
    Associations.map(({ SubnetId }) => `${SubnetId} ${IsDefault}`),
  );
  return [
    ...gateways,
    ...endpoints.map(({ ServiceName, VpcEndpointType }) => `${VpcEndpointType} endpoint ${ServiceName}`),
    ...(resolvesNames ? ["names are answered"] : []),
    ...(vpc.CidrBlockAssociationSet ?? [])
      .filter(
        ({ CidrBlock, CidrBlockState }) =>
          CidrBlock !== vpc.CidrBlock && CidrBlockState?.State === "associated",
      )
      .map(({ CidrBlock }) => `further range ${CidrBlock}`),
    ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => `IPv6 range ${Ipv6CidrBlock}`),
    ...subnets.filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch).map(() => "public addresses"),
    ...subnets
      .filter(({ SubnetId }) => !associated.includes(`${SubnetId} false`))
      .map(({ CidrBlock }) => `default network ACL for ${CidrBlock}`),
  ].sort();
}
