import { sameInstance } from "../companions";
import { type Graph, isUnknown, leftToAws, type Resource, type Value } from "../graph";
import { addTo, entryOf } from "../lists";
import { borders, inNetwork } from "./conditions";
import type { AccessChange } from "./model";

/** Whether resources of a type let something through. */
export const isDoor = (type: string): boolean => Object.hasOwn(readers, type);

/** What a security group lets in or out, or what an entry of a network ACL decides. */
interface Entry {
  readonly direction: "in" | "out";
  /** `-1` is every protocol. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A network, or the id or reference of a group or a prefix list. */
  readonly peer: string;
  /** Entries of a network ACL are asked in this order, and the first that matches decides. */
  readonly order: number;
  readonly allows: boolean;
}

interface Door {
  readonly resource: Resource;
  readonly entries: Entry[];
  unread: boolean;
}

/** Ports that security groups and network ACLs have opened or closed, by asking each port and each peer. */
export function networkChanges(before: Graph, after: Graph): AccessChange[] {
  const [old, now] = [doorsOf(before), doorsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const { stack, address } = ((is ?? was) as Door).resource;
    const change = (direction: AccessChange["direction"], what: string): AccessChange => ({
      stack,
      address,
      kind: "network",
      direction,
      what,
    });
    const [before, after] = [was?.entries ?? [], is?.entries ?? []];
    const unread = was?.unread || is?.unread;
    const same = JSON.stringify(before) === JSON.stringify(after);
    if (same) return unread ? [change("cannot-tell", "some of its rules are known after apply only")] : [];
    return [
      ...newlyOpen(before, after).map((what) => change("widened", `newly lets ${what}`)),
      ...newlyOpen(after, before).map((what) => change("narrowed", `no longer lets ${what}`)),
      ...(is === undefined && /network_acl/.test(was?.resource.type ?? "")
        ? [change("cannot-tell", "is removed, and its subnets get the VPC's default list")]
        : []),
      ...(unread ? [change("cannot-tell", "some of its rules are known after apply only")] : []),
    ];
  });
}

/** Entries of `after` that let through what `before` does not, in words. */
function newlyOpen(before: readonly Entry[], after: readonly Entry[]): string[] {
  const all = [...before, ...after];
  return after
    .filter(({ allows }) => allows)
    .flatMap((entry) => {
      const asked = probes(entry, all);
      const opened = asked.find((probe) => decides(after, probe) && !decides(before, probe));
      return opened ? [wordsOf(entry)] : [];
    });
}

interface Probe {
  readonly direction: Entry["direction"];
  readonly protocol: string;
  readonly port: number;
  readonly peer: string;
}

/** Of an entry, what no other entry tells further apart: ports and addresses where some entry begins or ends. */
function probes(entry: Entry, all: readonly Entry[]): Probe[] {
  const beside = all.filter(({ direction }) => direction === entry.direction);
  const protocols =
    entry.protocol === "-1"
      ? new Set(["other", ...beside.map(({ protocol }) => protocol)])
      : new Set([entry.protocol]);
  protocols.delete("-1");
  const ports = new Set(beside.flatMap(({ from, to }) => [from, to + 1]).concat(entry.from));
  const peers = new Set(beside.flatMap(({ peer }) => borders(peer)).concat(borders(entry.peer)));
  return [...protocols].flatMap((protocol) =>
    [...ports]
      .filter((port) => port >= entry.from && port <= entry.to)
      .flatMap((port) =>
        [...peers]
          .filter((peer) => inNetwork(peer, entry.peer))
          .map((peer) => ({ direction: entry.direction, protocol, port, peer })),
      ),
  );
}

/** Whether entries let a probe through. */
function decides(entries: readonly Entry[], probe: Probe): boolean {
  const matching = entries.filter(
    ({ direction, protocol, from, to, peer }) =>
      direction === probe.direction &&
      (protocol === "-1" || protocol === probe.protocol) &&
      from <= probe.port &&
      probe.port <= to &&
      inNetwork(probe.peer, peer),
  );
  const first = Math.min(...matching.map(({ order }) => order));
  return matching.some(({ order, allows }) => order === first && allows);
}

const wordsOf = ({ direction, protocol, from, to, peer }: Entry): string => {
  const what =
    protocol === "-1"
      ? "everything"
      : from === 0 && to === lastPort
        ? `every port of ${protocol}`
        : `${protocol} ${from === to ? from : `${from}-${to}`}`;
  return `${what} ${direction === "in" ? "in from" : "out to"} ${peer}`;
};

const lastPort = 65_535;

/** Every security group and network ACL, with the rules that stand on their own, by the group that they belong to. */
function doorsOf(graph: Graph): ReadonlyMap<string, Door> {
  const doors = new Map<string, Door>();
  const byConfigured = new Map<string, Resource[]>();
  for (const resource of graph.resources) addTo(byConfigured, resource.configured, resource);
  for (const resource of graph.resources) {
    const reader = entryOf(readers, resource.type);
    if (!reader) continue;
    const { entries, owner } = reader(resource);
    const [of = resource] = owner
      ? (resource.references.get(owner) ?? [])
          .flatMap((to) => byConfigured.get(to) ?? [])
          .filter((other) => sameInstance(resource, other))
      : [];
    // Of what stands already, a plan and a state know the id; what is planned anew has none yet.
    const named = owner ? resource.attributes[owner] : resource.attributes.id;
    const key = typeof named === "string" && !isUnknown(named) ? named : of.id;
    const door = doors.get(key) ?? { resource: of, entries: [], unread: false };
    for (const each of entries) {
      if (each === undefined) door.unread = true;
      else door.entries.push(each);
    }
    doors.set(key, door);
  }
  return doors;
}

type Attributes = Resource["attributes"];
interface Read {
  readonly entries: readonly (Entry | undefined)[];
  /** Attribute that says which group or list the entries belong to, where they stand on their own. */
  readonly owner?: string;
}

const readers: Readonly<Record<string, (resource: Resource) => Read>> = {
  aws_security_group: inline,
  aws_default_security_group: inline,
  aws_network_acl: inline,
  aws_default_network_acl: inline,
  aws_security_group_rule: (resource) => ({
    entries: entriesOf(
      resource,
      resource.attributes,
      "",
      resource.attributes.type === "egress" ? "out" : "in",
    ),
    owner: "security_group_id",
  }),
  aws_vpc_security_group_ingress_rule: (resource) => ({
    entries: entriesOf(resource, resource.attributes, "", "in"),
    owner: "security_group_id",
  }),
  aws_vpc_security_group_egress_rule: (resource) => ({
    entries: entriesOf(resource, resource.attributes, "", "out"),
    owner: "security_group_id",
  }),
  aws_network_acl_rule: (resource) => ({
    entries: entriesOf(
      resource,
      resource.attributes,
      "",
      String(resource.attributes.egress) === "true" ? "out" : "in",
    ),
    owner: "network_acl_id",
  }),
  "AWS::EC2::SecurityGroup": (resource) => ({
    entries: [
      ...blocksOf(resource, "SecurityGroupIngress", "in"),
      ...blocksOf(resource, "SecurityGroupEgress", "out"),
    ],
  }),
  "AWS::EC2::SecurityGroupIngress": (resource) => ({
    entries: entriesOf(resource, resource.attributes, "", "in"),
    owner: "GroupId",
  }),
  "AWS::EC2::SecurityGroupEgress": (resource) => ({
    entries: entriesOf(resource, resource.attributes, "", "out"),
    owner: "GroupId",
  }),
};

function inline(resource: Resource): Read {
  return { entries: [...blocksOf(resource, "ingress", "in"), ...blocksOf(resource, "egress", "out")] };
}

function blocksOf(resource: Resource, name: string, direction: Entry["direction"]): (Entry | undefined)[] {
  const blocks = resource.attributes[name];
  if (blocks === undefined || blocks === leftToAws) return [];
  if (!Array.isArray(blocks)) return [undefined];
  return (blocks as readonly Value[]).flatMap((block) =>
    typeof block === "object" && block !== null && !Array.isArray(block)
      ? entriesOf(resource, block as Attributes, `${name}.`, direction)
      : [undefined],
  );
}

/** Names that provider and CloudFormation give to whom a rule means. */
const peerAttributes = [
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "cidr_block",
  "ipv6_cidr_block",
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_ids",
  "prefix_list_id",
  "security_groups",
  "source_security_group_id",
  "referenced_security_group_id",
  "CidrIp",
  "CidrIpv6",
  "SourceSecurityGroupId",
  "SourcePrefixListId",
  "DestinationSecurityGroupId",
  "DestinationPrefixListId",
];

/** @param path where the attributes stand in the resource's, up to a dot */
function entriesOf(
  resource: Resource,
  attributes: Attributes,
  path: string,
  direction: Entry["direction"],
): (Entry | undefined)[] {
  const protocol = attributes.protocol ?? attributes.ip_protocol ?? attributes.IpProtocol ?? "-1";
  const from = attributes.from_port ?? attributes.FromPort;
  const to = attributes.to_port ?? attributes.ToPort;
  const peers = peerAttributes.flatMap((name) => peersAt(resource, attributes[name], `${path}${name}`));
  if (String(attributes.self) === "true") peers.push("members of the group itself");
  if (peers.includes(undefined)) return [undefined];
  if ([protocol, from ?? null, to ?? null].some((value) => isUnknown(value) && value !== leftToAws))
    return [undefined];
  const name = protocolName(String(protocol));
  const allPorts = name === "-1" || from === undefined || from === leftToAws || Number(from) === -1;
  // Of ICMP, the first is a type and the second a code of it: types are asked, and every code of each.
  const last = name.startsWith("icmp") ? from : to;
  const order = attributes.rule_no ?? attributes.rule_number;
  return peers.map((peer) => ({
    direction,
    protocol: name,
    from: allPorts ? 0 : Number(from),
    to: allPorts ? lastPort : Number(last),
    peer: String(peer),
    order: Number.isFinite(Number(order)) ? Number(order) : 0,
    allows: (attributes.action ?? attributes.rule_action ?? "allow") === "allow",
  }));
}

/** Networks as they are, and groups that are referred to as what refers to them; nothing where nobody knows. */
function peersAt({ references }: Resource, value: Value | undefined, at: string): (string | undefined)[] {
  const referred = references.get(at) ?? [];
  if (value === undefined || (value === leftToAws && referred.length === 0)) return [];
  const items = Array.isArray(value) ? value : [value];
  const known = items.filter((item) => !isUnknown(item)).map(String);
  if (known.length === items.length) return known;
  const meant = referred.filter((to) => !to.includes("/data.") && !to.includes("/local.")).sort();
  return [...known, ...(meant.length > 0 ? meant : [undefined])];
}

/** Protocols go by name and by IANA's number. */
const protocolName = (protocol: string): string =>
  entryOf({ "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" }, protocol) ??
  protocol.toLowerCase();
