import type { IpPermission } from "@aws-sdk/client-ec2";
import { isolationKinds } from "../../landscape/tasks";
import { evaluate } from "../../review/evaluate";
import type { Attributes } from "../../review/graph";
import { isolationRules } from "../../runtime/isolation/rules";
import { compiled, rules } from "./examples";

/** Controls on open groups that the kit's rules carry. */
const controls = ["EC2.18", "EC2.19"];

const targets = { addresses: ["10.0.1.10"], addressesV6: ["2001:db8::10"], prefixList: "pl-6da54004" };

/** A rule as Terraform would write it. */
const block = ({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds }: IpPermission) => ({
  protocol: IpProtocol ?? "",
  from_port: FromPort ?? 0,
  to_port: ToPort ?? 0,
  cidr_blocks: (IpRanges ?? []).map(({ CidrIp = "" }) => CidrIp),
  ipv6_cidr_blocks: (Ipv6Ranges ?? []).map(({ CidrIpv6 = "" }) => CidrIpv6),
  prefix_list_ids: (PrefixListIds ?? []).map(({ PrefixListId = "" }) => PrefixListId),
});

/** What the kit's own review says of a group that the kit makes by API, where no plan shows it. */
function verdictsOn(kind: (typeof isolationKinds)[number]): Record<string, string> {
  const { inward, outward } = isolationRules(kind, targets);
  const attributes: Attributes = { ingress: inward.map(block), egress: outward.map(block) };
  const resource = {
    id: "main/aws_security_group.isolation",
    configured: "main/aws_security_group.isolation",
    stack: "main",
    address: "aws_security_group.isolation",
    type: "aws_security_group",
    construct: undefined,
    attributes,
    references: new Map<string, string[]>(),
  };
  const asked = compiled.filter(({ rule }) =>
    Object.values(rule.controls ?? {}).some((ids) => controls.some((id) => ids.includes(id))),
  );
  const evaluations = evaluate({ source: "plan", resources: [resource], digests: {} }, asked);
  return Object.fromEntries(evaluations.map(({ rule, verdict }) => [rule.id, verdict]));
}

describe("groups by which machines are isolated, by the kit's own review", () => {
  it("are judged by a rule of each control", () => {
    const carried = rules.flatMap(({ controls: of }) => Object.values(of ?? {}).flat());
    expect(carried).toEqual(expect.arrayContaining(controls));
  });

  it.each(isolationKinds.filter((kind) => kind !== "open"))("pass where something stands: %s", (kind) => {
    const verdicts = Object.values(verdictsOn(kind));
    expect(verdicts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(verdicts)).toEqual(new Set(["pass"]));
  });

  it("fail where everything is open, so that such a group stands for a case alone", () => {
    expect(Object.values(verdictsOn("open"))).toContain("fail");
  });
});
