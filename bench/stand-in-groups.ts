import { isolationTag } from "../landscape/tasks";

interface Group {
  readonly id: string;
  readonly vpc: string;
  readonly kind: string;
  readonly outward: Set<string>;
}

const groups = new Map<string, Group[]>();

/** Addresses of a call's permissions, in EC2's query protocol. */
const addresses = (query: URLSearchParams): string[] =>
  [...query].filter(([name]) => /\.Cidr(Ip|Ipv6)$/.test(name)).map(([, value]) => value);

/** Isolation groups of a place, as much as a sweep asks for: what EC2 would answer, without its envelope. */
export function isolationGroups(operation: string, place: string, query: URLSearchParams): string {
  const here = groups.get(place) ?? [];
  groups.set(place, here);
  if (operation === "DescribeSecurityGroups") {
    return `<securityGroupInfo>${here.map(describe).join("")}</securityGroupInfo>`;
  }
  if (operation === "CreateSecurityGroup") {
    const id = `sg-${place}-${here.length}`;
    const tag = [...query].find(([, value]) => value === isolationTag)?.[0] ?? "";
    const kind = query.get(tag.replace(/Key$/, "Value")) ?? "";
    here.push({ id, vpc: query.get("VpcId") ?? "", kind, outward: new Set(["0.0.0.0/0"]) });
    return `<groupId>${id}</groupId>`;
  }
  const outward = here.find(({ id }) => id === query.get("GroupId"))?.outward;
  if (operation === "RevokeSecurityGroupEgress") {
    for (const address of addresses(query)) outward?.delete(address);
  }
  return "<return>true</return>";
}

const describe = ({ id, vpc, kind, outward }: Group): string =>
  `<item><groupId>${id}</groupId><vpcId>${vpc}</vpcId>` +
  `<tagSet><item><key>${isolationTag}</key><value>${kind}</value></item></tagSet>` +
  `<ipPermissionsEgress>${permissions(outward)}</ipPermissionsEgress></item>`;

const permissions = (addressesOf: ReadonlySet<string>): string =>
  [...addressesOf]
    .map(
      (address) =>
        `<item><ipProtocol>-1</ipProtocol><ipRanges><item><cidrIp>${address}</cidrIp></item></ipRanges></item>`,
    )
    .join("");
