import { Route53ResolverFirewallConfig } from "@cdktf/provider-aws/lib/route53-resolver-firewall-config";
import { Route53ResolverFirewallDomainList } from "@cdktf/provider-aws/lib/route53-resolver-firewall-domain-list";
import { Route53ResolverFirewallRule } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule";
import { Route53ResolverFirewallRuleGroup } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group";
import { Route53ResolverFirewallRuleGroupAssociation } from "@cdktf/provider-aws/lib/route53-resolver-firewall-rule-group-association";
import { Construct } from "constructs";

export interface ClosedResolverProps {
  readonly name: string;
  readonly vpcId: string;
  /** Names that are answered; of every other it is said that there is no record. */
  readonly answered: readonly string[];
}

/**
 * DNS Firewall of a VPC that answers a few names. Groups and network ACLs don't filter the Resolver, and a name that is
 * looked up leaves the network with whatever is written into it. Where the firewall fails, nothing is answered.
 */
export class ClosedResolver extends Construct {
  constructor(scope: Construct, id: string, { name, vpcId, answered }: ClosedResolverProps) {
    super(scope, id);
    const group = new Route53ResolverFirewallRuleGroup(this, "rules", { name });
    const list = (part: string, domains: string[]) =>
      new Route53ResolverFirewallDomainList(this, part, { name: `${name}-${part}`, domains });
    new Route53ResolverFirewallRule(this, "allow", {
      name: "answered",
      action: "ALLOW",
      firewallDomainListId: list("answered", [...answered]).id,
      firewallRuleGroupId: group.id,
      priority: 100,
    });
    new Route53ResolverFirewallRule(this, "block", {
      name: "every-other",
      action: "BLOCK",
      blockResponse: "NODATA",
      firewallDomainListId: list("every-other", ["*"]).id,
      firewallRuleGroupId: group.id,
      priority: 200,
    });
    new Route53ResolverFirewallRuleGroupAssociation(this, "association", {
      name,
      firewallRuleGroupId: group.id,
      vpcId,
      priority: 101,
    });
    new Route53ResolverFirewallConfig(this, "fails-closed", {
      resourceId: vpcId,
      firewallFailOpen: "DISABLED",
    });
  }
}
