import { isolationTag } from "../landscape/tasks";

interface Group {
  readonly id: string;
  readonly vpc: string;
  readonly kind: string;
  readonly rules: { readonly in: Set<string>; readonly out: Set<string> };
}

const groups = new Map<string, Group[]>();

const all = ["0.0.0.0/0", "::/0"];

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
    here.push({
      id,
      vpc: query.get("VpcId") ?? "",
      kind,
      rules: { in: new Set(), out: new Set(all.slice(0, 1)) },
    });
    return `<groupId>${id}</groupId>`;
  }
  const rules = here.find(({ id }) => id === query.get("GroupId"))?.rules;
  const changed = operation.endsWith("Ingress") ? rules?.in : rules?.out;
  for (const address of addresses(query)) {
    if (operation.startsWith("Authorize")) changed?.add(address);
    else changed?.delete(address);
  }
  return "<return>true</return>";
}

const describe = ({ id, vpc, kind, rules }: Group): string =>
  `<item><groupId>${id}</groupId><vpcId>${vpc}</vpcId>` +
  `<tagSet><item><key>${isolationTag}</key><value>${kind}</value></item></tagSet>` +
  `<ipPermissions>${permissions(rules.in)}</ipPermissions>` +
  `<ipPermissionsEgress>${permissions(rules.out)}</ipPermissionsEgress></item>`;

const permissions = (addressesOf: ReadonlySet<string>): string =>
  addressesOf.size === 0
    ? ""
    : `<item><ipProtocol>-1</ipProtocol><ipRanges>${[...addressesOf]
        .filter((address) => !address.includes(":"))
        .map((address) => `<item><cidrIp>${address}</cidrIp></item>`)
        .join("")}</ipRanges><ipv6Ranges>${[...addressesOf]
        .filter((address) => address.includes(":"))
        .map((address) => `<item><cidrIpv6>${address}</cidrIpv6></item>`)
        .join("")}</ipv6Ranges></item>`;
