import { type AwsAnswer, type AwsCall, errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

type Properties = Readonly<Record<string, unknown>>;

export const resolverTags: Gap = {
  id: "resolver-tags",
  kind: "answered",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator keeps no tags of query-log configurations and of the firewall",
  concerns: (call) =>
    isCall("route53resolver", "ListTagsForResource", "TagResource", "UntagResource")(call) &&
    /:(resolver-query-log-config|firewall)/.test(String(call.parameters.ResourceArn)),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "resolver-tags", account, call.region);
    const arn = String(call.parameters.ResourceArn);
    const tags = (store.get(arn) ?? {}) as Record<string, string>;
    if (call.operation === "TagResource") {
      for (const { Key, Value } of call.parameters.Tags as { Key: string; Value: string }[])
        tags[Key] = Value;
      store.set(arn, tags);
    } else if (call.operation === "UntagResource") {
      for (const key of call.parameters.TagKeys as string[]) delete tags[key];
    } else {
      return jsonAnswer({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
    }
    return jsonAnswer({});
  },
};

/** Tags that a query-log configuration is created with are kept where they are asked for. */
export const resolverQueryLogConfigTags: Gap = {
  id: "resolver-query-log-config-tags",
  kind: "completed",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator forgets the tags that a query-log configuration is created with",
  concerns: isCall("route53resolver", "CreateResolverQueryLogConfig"),
  answer: async (call, context) => {
    const answer = await context.forward(call);
    const { ResolverQueryLogConfig } = JSON.parse(answer.body.toString()) as {
      ResolverQueryLogConfig?: { Arn: string };
    };
    const tags = call.parameters.Tags as { Key: string; Value: string }[] | undefined;
    if (!ResolverQueryLogConfig || !tags) return answer;
    const { account } = await context.callers.of(call);
    storeOf(context, "resolver-tags", account, call.region).set(
      ResolverQueryLogConfig.Arn,
      Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    );
    return answer;
  },
};

export const resolverQueryLogConfigDeletion: Gap = {
  id: "resolver-query-log-config-deletion",
  kind: "answered",
  resources: ["aws_route53_resolver_query_log_config"],
  because: "the emulator can't delete a query-log configuration",
  concerns: isCall("route53resolver", "DeleteResolverQueryLogConfig", "GetResolverQueryLogConfig"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const deleted = storeOf(context, "resolver-deleted", account, call.region);
    const id = String(call.parameters.ResolverQueryLogConfigId);
    const gone = () =>
      errorAnswer(
        call,
        400,
        "ResourceNotFoundException",
        `The specified query logging configuration ${id} doesn't exist`,
      );
    if (deleted.has(id)) return gone();
    if (call.operation === "GetResolverQueryLogConfig") return undefined;
    deleted.set(id, {});
    return jsonAnswer({ ResolverQueryLogConfig: { Id: id, Status: "DELETING" } });
  },
};

let sequence = 0;

const kinds = {
  FirewallDomainList: "firewall-domain-list",
  FirewallRuleGroup: "firewall-rule-group",
} as const;

export const resolverFirewall: Gap = {
  id: "resolver-firewall",
  kind: "answered",
  resources: [
    "aws_route53_resolver_firewall_domain_list",
    "aws_route53_resolver_firewall_rule_group",
    "aws_route53_resolver_firewall_rule",
  ],
  because: "the emulator has no Resolver firewall",
  concerns: (call) => call.service === "route53resolver" && call.operation.includes("Firewall"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "resolver-firewall", account, call.region);
    return rule(call, store) ?? domains(call, store) ?? object(call, store, account);
  },
};

type Store = ReturnType<typeof storeOf>;

const ruleKey = ({ FirewallRuleGroupId, FirewallDomainListId }: Properties) =>
  `${FirewallRuleGroupId} ${FirewallDomainListId}`;

function rule({ operation, parameters }: AwsCall, store: Store): AwsAnswer | undefined {
  if (operation === "ListFirewallRules") {
    const FirewallRules = [...store.values()].filter(
      (one) => "Action" in one && one.FirewallRuleGroupId === parameters.FirewallRuleGroupId,
    );
    return jsonAnswer({ FirewallRules });
  }
  if (!/^(Create|Update|Delete)FirewallRule$/.test(operation)) return undefined;
  const key = ruleKey(parameters);
  const FirewallRule = { ...store.get(key), ...parameters };
  if (operation === "DeleteFirewallRule") store.delete(key);
  else store.set(key, FirewallRule);
  return jsonAnswer({ FirewallRule });
}

function domains({ operation, parameters }: AwsCall, store: Store): AwsAnswer | undefined {
  const list = store.get(String(parameters.FirewallDomainListId));
  if (operation === "UpdateFirewallDomains" && list) {
    list.Domains = parameters.Operation === "REMOVE" ? [] : parameters.Domains;
    list.DomainCount = (list.Domains as string[]).length;
    return jsonAnswer({ Id: list.Id, Name: list.Name, Status: "COMPLETE" });
  }
  if (operation === "ListFirewallDomains" && list) return jsonAnswer({ Domains: list.Domains ?? [] });
  return undefined;
}

function object(call: AwsCall, store: Store, account: string): AwsAnswer | undefined {
  const [, verb, kind] =
    /^(Create|Get|Delete)(FirewallDomainList|FirewallRuleGroup)$/.exec(call.operation) ?? [];
  if (verb === undefined || kind === undefined) return undefined;
  if (verb === "Create") {
    sequence += 1;
    const Id = `rslvr-fw-${sequence.toString(16).padStart(12, "0")}`;
    const path = kinds[kind as keyof typeof kinds];
    const Arn = `arn:aws:route53resolver:${call.region}:${account}:${path}/${Id}`;
    const made = {
      Id,
      Arn,
      Name: call.parameters.Name,
      Status: "COMPLETE",
      OwnerId: account,
      ShareStatus: "NOT_SHARED",
    };
    store.set(Id, made);
    return jsonAnswer({ [kind]: made });
  }
  const Id = String(call.parameters[`${kind}Id`]);
  const present = store.get(Id);
  if (!present) return errorAnswer(call, 400, "ResourceNotFoundException", `${Id} does not exist`);
  if (verb === "Delete") store.delete(Id);
  return jsonAnswer({ [kind]: present });
}
