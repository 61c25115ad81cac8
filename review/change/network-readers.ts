import { isUnknown, leftToAws, type Resource, type Value } from "../graph";
import { entryOf } from "../lists";

/** What a security group lets in or out, or what an entry of a network ACL decides. */
export interface Entry {
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

export const lastPort = 65_535;

/** Whether resources of a type let something through. */
export const isDoor = (type: string): boolean => Object.hasOwn(readers, type);

type Attributes = Resource["attributes"];
/** What a resource lets through. */
export interface Read {
  readonly entries: readonly (Entry | undefined)[];
  /** Attribute that says which group or list the entries belong to, where they stand on their own. */
  readonly owner?: string;
}

/** By type of what lets something through, how it is read. */
export const readers: Readonly<Record<string, (resource: Resource) => Read>> = {
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
  aws_eks_cluster: endpointOfCluster,
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

/** Unless it is said otherwise, everybody reaches a cluster's API. Source: "Cluster API server endpoint" (Amazon EKS). */
function endpointOfCluster(resource: Resource): Read {
  const blocks = resource.attributes.vpc_config;
  const block = Array.isArray(blocks) ? (blocks[0] as Value | undefined) : blocks;
  if (typeof block !== "object" || block === null || Array.isArray(block)) return { entries: [undefined] };
  const { endpoint_public_access: isPublic = true, public_access_cidrs: said = leftToAws } =
    block as Attributes;
  if (String(isPublic) === "false") return { entries: [] };
  if (isUnknown(isPublic) && isPublic !== leftToAws) return { entries: [undefined] };
  const peers =
    said === leftToAws ? ["0.0.0.0/0"] : peersAt(resource, said, "vpc_config.public_access_cidrs");
  return {
    entries: peers.map((peer) =>
      peer === undefined
        ? undefined
        : { direction: "in", protocol: "tcp", from: 443, to: 443, peer, order: 0, allows: true },
    ),
  };
}

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
