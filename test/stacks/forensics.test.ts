import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { fromLiteralJson } from "../../constructs/terraform-text";
import { halves } from "../../landscape/ranges";
import type { PolicyDocument } from "../../policies/document";
import { planStacks } from "../../stacks";
import { synthesize } from "../../stacks/synthesize";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

const onDemand = exampleLandscape();
const always = exampleLandscape(["endpoints: on-demand", "endpoints: always"]);
const { stack } = synthesized(always);
const networks = stack("forensics-eu-west-1");
const endpoints = stack("forensic-endpoints-eu-west-1");
const forensics = "444444444444";

describe("networks for forensics", () => {
  it("stand in each watched region, in the forensics account", () => {
    const names = synthesized(onDemand).texts;
    expect([...names.keys()].filter((name) => name.startsWith("forensic"))).toEqual([
      "forensics-eu-west-1",
      "forensics-us-east-1",
    ]);
    expect(networks.provider.aws[0]?.allowed_account_ids).toEqual([forensics]);
  });

  it("are joined to nothing: no gateway, peering or attachment of any kind is in the stack", () => {
    const types = Object.keys(networks.resource ?? {});
    expect(types.filter((type) => /gateway|peering|transit|vpn|eip|nat|customer|connect/.test(type))).toEqual(
      [],
    );
    for (const table of [
      ...resourcesOf(networks, "aws_route_table"),
      ...resourcesOf(networks, "aws_default_route_table"),
    ]) {
      expect(table.route).toEqual([]);
    }
  });

  it("give a suspicious machine not even names, and no group or network ACL that lets anything through", () => {
    const [quarantine] = resourcesOf(networks, "aws_vpc").filter(
      ({ enable_dns_support }) => !enable_dns_support,
    );
    expect(quarantine).toMatchObject({ cidr_block: "10.255.254.0/24", enable_dns_hostnames: false });
    const acl = networks.resource?.aws_network_acl as Record<string, Record<string, unknown>>;
    const [own] = Object.entries(acl).filter(([name]) => name.startsWith("quarantine"));
    expect([own?.[1].ingress, own?.[1].egress]).toEqual([[], []]);
    const group = resourcesOf(networks, "aws_security_group").find(
      ({ name }) => name === "acme-ir-quarantined",
    );
    expect([group?.ingress, group?.egress]).toEqual([[], []]);
    for (const one of resourcesOf(networks, "aws_default_security_group")) {
      expect([one.ingress, one.egress]).toEqual([[], []]);
    }
  });

  it("log every connection of both networks into the central bucket, in the sweep's form", () => {
    const logs = resourcesOf(networks, "aws_flow_log");
    expect(logs).toHaveLength(2);
    for (const log of logs) {
      expect(log).toMatchObject({
        traffic_type: "ALL",
        log_destination: "arn:aws:s3:::acme-ir-flow-logs-333333333333-eu-west-1",
        max_aggregation_interval: 60,
      });
    }
  });

  it("answer the names of endpoints and of the kit's and the agent's buckets, and no other", () => {
    const lists = resourcesOf(networks, "aws_route53_resolver_firewall_domain_list");
    const rules = resourcesOf(networks, "aws_route53_resolver_firewall_rule");
    expect(lists.map(({ domains }) => domains)).toContainEqual(["*"]);
    const answered = lists.find(({ domains }) => (domains as string[]).length > 1)?.domains as string[];
    for (const name of answered) expect(name).toMatch(/^[a-z0-9.-]+\.eu-west-1\.amazonaws\.com$/);
    expect(answered).toContain("ssmmessages.eu-west-1.amazonaws.com");
    expect(answered).toContain(`acme-ir-evidence-${forensics}-eu-west-1.s3.eu-west-1.amazonaws.com`);
    expect(rules.map(({ action, priority }) => [action, priority]).sort()).toEqual([
      ["ALLOW", 100],
      ["BLOCK", 200],
    ]);
    expect(resourcesOf(networks, "aws_route53_resolver_firewall_config")[0]).toMatchObject({
      firewall_fail_open: "DISABLED",
    });
  });
});

describe("endpoints of the forensic network", () => {
  const policies = [
    ...resourcesOf(networks, "aws_vpc_endpoint"),
    ...resourcesOf(endpoints, "aws_vpc_endpoint"),
  ].map(
    ({ service_name, policy }) => [String(service_name), fromLiteralJson<PolicyDocument>(policy)] as const,
  );

  it("are destroyed alone, since nothing rests on what stands on demand", () => {
    const demanded = ["forensic-endpoints-eu-west-1", "forensic-endpoints-us-east-1"];
    const { stacks } = planStacks(onDemand, demanded);
    expect(stacks.map(({ name }) => name)).toEqual(expect.arrayContaining(demanded));
    expect(stacks.filter(({ dependsOn }) => dependsOn.some((name) => demanded.includes(name)))).toEqual([]);
  });

  it("stand with the network where the landscape says always, and else only while they are demanded", () => {
    const named = (landscape: typeof onDemand, demanded: string[] = []) =>
      planStacks(landscape, demanded)
        .stacks.map(({ name }) => name)
        .filter((name) => name.startsWith("forensic-endpoints"));
    expect(named(always)).toEqual(["forensic-endpoints-eu-west-1", "forensic-endpoints-us-east-1"]);
    expect(named(onDemand)).toEqual([]);
    expect(named(onDemand, ["forensic-endpoints-us-east-1"])).toEqual(["forensic-endpoints-us-east-1"]);
    const directory = mkdtempSync(path.join(tmpdir(), "demanded-"));
    try {
      const { stacks } = synthesize(onDemand, {
        deployed: undefined,
        directory: path.join(directory, "out"),
        demanded: ["forensic-endpoints-eu-west-1"],
      });
      expect(stacks).toContain("forensic-endpoints-eu-west-1");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("are S3's and eight more, each with a policy that lists its calls", () => {
    expect(policies.map(([service]) => service.split(".").pop()).sort()).toEqual(
      ["ebs", "ec2", "ec2messages", "kms", "logs", "s3", "ssm", "ssmmessages", "sts"].sort(),
    );
    for (const [service, { Statement }] of policies) {
      for (const { Action = [] } of Statement) {
        expect(Action.length).toBeGreaterThan(0);
        for (const action of Action)
          expect([service, action]).toEqual([service, expect.not.stringContaining("*")]);
      }
    }
  });

  it("let nobody else's credentials through, but to what AWS gives everybody", () => {
    for (const [, { Statement }] of policies) {
      for (const { Sid, Condition, Resource = [] } of Statement) {
        if (Sid === "AgentsOwn") {
          for (const arn of Resource)
            expect(arn).toMatch(/^arn:aws:s3:::[a-z0-9-]*(ssm|windows-downloads|birdwatcher)[a-z0-9-]*\/\*$/);
        } else {
          expect(Condition?.StringEquals?.["aws:PrincipalAccount"]).toBe(forensics);
        }
      }
    }
  });

  it("reach in S3 the buckets for evidence and tools of the forensics account, and none of another's", () => {
    const [, gateway] = policies.find(([service]) => service.endsWith(".s3")) ?? [];
    const own = gateway?.Statement.find(({ Sid }) => Sid === "EvidenceAndTools");
    expect(own?.Condition?.StringEquals?.["aws:ResourceAccount"]).toBe(forensics);
    for (const arn of own?.Resource ?? []) {
      expect(arn).toMatch(/^arn:aws:s3:::acme-ir-(evidence|tools)-444444444444-eu-west-1(\/\*)?$/);
    }
  });
});

describe("halves of a range", () => {
  it("are disjoint, as long as each other, and together the range", () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 16, max: 27 }));
    fc.assert(
      fc.property(range, ([bits, length]) => {
        const bytes = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff);
        const whole = `${ipaddr.IPv4.networkAddressFromCIDR(`${bytes.join(".")}/${length}`)}/${length}`;
        const [first, second] = halves(whole);
        const last = (one: string) => ipaddr.IPv4.broadcastAddressFromCIDR(one).toString();
        const start = (one: string) => ipaddr.IPv4.networkAddressFromCIDR(one).toString();
        expect([start(first), last(second)]).toEqual([start(whole), last(whole)]);
        const number = (address: string) =>
          ipaddr.IPv4.parse(address)
            .toByteArray()
            .reduce((all, byte) => all * 256 + byte, 0);
        expect(number(start(second))).toBe(number(last(first)) + 1);
        expect([first, second].map((one) => Number(one.split("/")[1]))).toEqual([length + 1, length + 1]);
      }),
    );
  });
});
