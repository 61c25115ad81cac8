import { type AwsCall, errorAnswer, jsonAnswer } from "../protocol";
import type { Gap } from "./gap";
import { NotFound, stored, storeOf } from "./routes";

type Item = Record<string, unknown>;

interface Request {
  readonly call: AwsCall;
  readonly account: string;
  readonly of: (kind: string) => Map<string, Item>;
  /** Tags by ARN, for those who ask for them. */
  readonly tags: Map<string, Item>;
}

let sequence = 0;

function made({ call, account, of, tags }: Request, kind: string, prefix: string, more: Item): Item {
  sequence += 1;
  const Id = `${prefix}-${sequence.toString(16).padStart(17, "0")}`;
  const { Tags, CreatorRequestId, ...asked } = call.parameters;
  const item = {
    Id,
    Arn: `arn:aws:route53resolver:${call.region}:${account}:${kind}/${Id}`,
    OwnerId: account,
    CreatorRequestId,
    Status: "COMPLETE",
    ...asked,
    ...more,
  };
  of(kind).set(Id, item);
  const given = (Tags ?? []) as { Key: string; Value: string }[];
  tags.set(item.Arn, Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])));
  return item;
}

const list = "firewall-domain-list";
const group = "firewall-rule-group";
const association = "firewall-rule-group-association";
const rules = "rules";
const configurations = "configurations";

const named = ({ call, of }: Request, kind: string, field: string): Item =>
  stored(of(kind), String(call.parameters[field]));
const removed = (request: Request, kind: string, field: string): Item => {
  const item = named(request, kind, field);
  request.of(kind).delete(String(item.Id));
  return item;
};
const ruleKey = ({ parameters }: AwsCall): string =>
  `${parameters.FirewallRuleGroupId} ${parameters.FirewallDomainListId}`;

const operations: Readonly<Record<string, (request: Request) => Item>> = {
  CreateFirewallDomainList: (request) => ({
    FirewallDomainList: made(request, list, "rslvr-fdl", { Domains: [] }),
  }),
  GetFirewallDomainList: (request) => ({ FirewallDomainList: named(request, list, "FirewallDomainListId") }),
  DeleteFirewallDomainList: (request) => ({
    FirewallDomainList: removed(request, list, "FirewallDomainListId"),
  }),
  UpdateFirewallDomains: (request) => {
    const item = named(request, list, "FirewallDomainListId");
    const given = (request.call.parameters.Domains ?? []) as string[];
    const before = item.Domains as string[];
    const after: Record<string, () => string[]> = {
      REPLACE: () => given,
      ADD: () => [...before, ...given],
      REMOVE: () => before.filter((one) => !given.includes(one)),
    };
    item.Domains = after[String(request.call.parameters.Operation)]?.() ?? before;
    return item;
  },
  ListFirewallDomains: (request) => ({ Domains: named(request, list, "FirewallDomainListId").Domains }),
  CreateFirewallRuleGroup: (request) => ({
    FirewallRuleGroup: made(request, group, "rslvr-frg", { RuleCount: 0, ShareStatus: "NOT_SHARED" }),
  }),
  GetFirewallRuleGroup: (request) => ({ FirewallRuleGroup: named(request, group, "FirewallRuleGroupId") }),
  DeleteFirewallRuleGroup: (request) => ({
    FirewallRuleGroup: removed(request, group, "FirewallRuleGroupId"),
  }),
  CreateFirewallRule: ({ call, of }) => {
    const { CreatorRequestId, ...rule } = call.parameters;
    of(rules).set(ruleKey(call), { ...rule, CreatorRequestId });
    return { FirewallRule: rule };
  },
  UpdateFirewallRule: ({ call, of }) => {
    const rule = { ...stored(of(rules), ruleKey(call)), ...call.parameters };
    of(rules).set(ruleKey(call), rule);
    return { FirewallRule: rule };
  },
  DeleteFirewallRule: ({ call, of }) => {
    const rule = stored(of(rules), ruleKey(call));
    of(rules).delete(ruleKey(call));
    return { FirewallRule: rule };
  },
  ListFirewallRules: ({ call, of }) => ({
    FirewallRules: [...of(rules).values()].filter(
      ({ FirewallRuleGroupId }) => FirewallRuleGroupId === call.parameters.FirewallRuleGroupId,
    ),
  }),
  AssociateFirewallRuleGroup: (request) => ({
    FirewallRuleGroupAssociation: made(request, association, "rslvr-frgassoc", {
      MutationProtection: request.call.parameters.MutationProtection ?? "DISABLED",
    }),
  }),
  GetFirewallRuleGroupAssociation: (request) => ({
    FirewallRuleGroupAssociation: named(request, association, "FirewallRuleGroupAssociationId"),
  }),
  ListFirewallRuleGroupAssociations: ({ call, of }) => ({
    FirewallRuleGroupAssociations: [...of(association).values()].filter(
      ({ VpcId }) => call.parameters.VpcId === undefined || VpcId === call.parameters.VpcId,
    ),
  }),
  DisassociateFirewallRuleGroup: (request) => ({
    FirewallRuleGroupAssociation: removed(request, association, "FirewallRuleGroupAssociationId"),
  }),
  UpdateFirewallConfig: ({ call, account, of }) => {
    const ResourceId = String(call.parameters.ResourceId);
    const FirewallConfig = {
      Id: `rslvr-fc-${ResourceId.slice(-12)}`,
      OwnerId: account,
      ResourceId,
      FirewallFailOpen: call.parameters.FirewallFailOpen,
    };
    of(configurations).set(ResourceId, FirewallConfig);
    return { FirewallConfig };
  },
  GetFirewallConfig: ({ call, account, of }) => ({
    FirewallConfig: of(configurations).get(String(call.parameters.ResourceId)) ?? {
      OwnerId: account,
      ResourceId: call.parameters.ResourceId,
      FirewallFailOpen: "DISABLED",
    },
  }),
  ListFirewallConfigs: ({ of }) => ({ FirewallConfigs: [...of(configurations).values()] }),
};

export const resolverFirewall: Gap = {
  id: "resolver-firewall",
  kind: "answered",
  resources: [
    "aws_route53_resolver_firewall_config",
    "aws_route53_resolver_firewall_domain_list",
    "aws_route53_resolver_firewall_rule",
    "aws_route53_resolver_firewall_rule_group",
    "aws_route53_resolver_firewall_rule_group_association",
  ],
  because: "the emulator has no DNS Firewall",
  concerns: (call) => call.service === "route53resolver" && call.operation in operations,
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const of = (kind: string) => storeOf(context, `resolver ${kind}`, account, call.region);
    const tags = storeOf(context, "resolver-tags", account, call.region);
    try {
      return jsonAnswer(operations[call.operation]?.({ call, account, of, tags }) ?? {});
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      return errorAnswer(call, 400, "ResourceNotFoundException", error.message);
    }
  },
};
