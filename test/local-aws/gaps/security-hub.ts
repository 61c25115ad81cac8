import { type RouteRequest, restGap, stored } from "./routes";

const arn = ({ call, account }: RouteRequest, resource: string) =>
  `arn:aws:securityhub:${call.region}:${account}:${resource}`;

let sequence = 0;

function uuid(): string {
  sequence += 1;
  return `00000000-0000-4000-8000-${sequence.toString().padStart(12, "0")}`;
}

/** The part of a path that is an ARN comes with slashes of its own. */
const last = (value: string | undefined) => value?.split("/").pop() ?? "";

export const securityHubAccount = restGap({
  id: "security-hub-account",
  kind: "answered",
  service: "securityhub",
  resources: ["aws_securityhub_account"],
  because: "the emulator can't change the hub's configuration",
  routes: { "PATCH /accounts": () => ({}) },
});

export const securityHubAggregator = restGap({
  id: "security-hub-aggregator",
  kind: "answered",
  service: "securityhub",
  resources: ["aws_securityhub_finding_aggregator"],
  because: "the emulator has no aggregation of findings over regions",
  routes: {
    "POST /findingAggregator/create": (request) => {
      const FindingAggregatorArn = arn(request, `finding-aggregator/${uuid()}`);
      const aggregator = {
        ...request.body,
        FindingAggregatorArn,
        FindingAggregationRegion: request.call.region,
      };
      request.store.set(FindingAggregatorArn, aggregator);
      return aggregator;
    },
    "GET /findingAggregator/get/{arn+}": ({ store, path }) => stored(store, path.arn ?? ""),
    "GET /findingAggregator/list": ({ store }) => ({ FindingAggregators: [...store.values()] }),
    "PATCH /findingAggregator/update": ({ store, body }) =>
      Object.assign(stored(store, String(body.FindingAggregatorArn)), body),
    "DELETE /findingAggregator/delete/{arn+}": ({ store, path }) => {
      store.delete(path.arn ?? "");
      return {};
    },
  },
});

export const securityHubOrganization = restGap({
  id: "security-hub-organization",
  kind: "answered",
  service: "securityhub",
  resources: ["aws_securityhub_organization_configuration"],
  because: "the emulator has no organization configuration of Security Hub",
  routes: {
    "POST /organization/configuration": ({ store, body }) => {
      store.set("configuration", { ...store.get("configuration"), ...body });
      return {};
    },
    "GET /organization/configuration": ({ store }) => {
      const { OrganizationConfiguration, ...rest } = store.get("configuration") ?? {};
      return {
        AutoEnable: false,
        AutoEnableStandards: "NONE",
        MemberAccountLimitReached: false,
        ...rest,
        OrganizationConfiguration: {
          ConfigurationType: "LOCAL",
          ...(OrganizationConfiguration as object | undefined),
          Status: "ENABLED",
        },
      };
    },
  },
});

export const securityHubPolicies = restGap({
  id: "security-hub-policies",
  kind: "answered",
  service: "securityhub",
  resources: ["aws_securityhub_configuration_policy", "aws_securityhub_configuration_policy_association"],
  because: "the emulator has no central configuration of Security Hub",
  routes: {
    "POST /configurationPolicy/create": (request) => {
      const Id = uuid();
      const now = new Date().toISOString();
      const policy = {
        ...request.body,
        Id,
        Arn: arn(request, `configuration-policy/${Id}`),
        CreatedAt: now,
        UpdatedAt: now,
      };
      request.store.set(Id, policy);
      return policy;
    },
    "GET /configurationPolicy/get/{id+}": ({ store, path }) => stored(store, last(path.id)),
    "PATCH /configurationPolicy/{id+}": ({ store, path, body }) =>
      Object.assign(stored(store, last(path.id)), body),
    "DELETE /configurationPolicy/{id+}": ({ store, path }) => {
      store.delete(last(path.id));
      return {};
    },
    "POST /configurationPolicyAssociation/associate": ({ store, body }) => {
      const association = {
        ConfigurationPolicyId: body.ConfigurationPolicyIdentifier,
        Target: body.Target,
        TargetId: Object.values((body.Target ?? {}) as object)[0],
        AssociationType: "APPLIED",
        AssociationStatus: "SUCCESS",
        UpdatedAt: new Date().toISOString(),
      };
      store.set(`association ${JSON.stringify(body.Target)}`, association);
      return association;
    },
    "POST /configurationPolicyAssociation/get": ({ store, body }) =>
      stored(store, `association ${JSON.stringify(body.Target)}`),
    "POST /configurationPolicyAssociation/disassociate": ({ store, body }) => {
      store.delete(`association ${JSON.stringify(body.Target)}`);
      return {};
    },
  },
});

export const securityHubAutomation = restGap({
  id: "security-hub-automation",
  kind: "answered",
  service: "securityhub",
  resources: ["aws_securityhub_automation_rule", "aws_securityhub_action_target", "aws_securityhub_insight"],
  because: "the emulator has neither automation rules nor custom actions nor insights",
  routes: {
    "POST /automationrules/create": (request) => {
      const RuleArn = arn(request, `automation-rule/${uuid()}`);
      const now = new Date().toISOString();
      const { Tags, ...rule } = request.body;
      request.store.set(`tags of ${RuleArn}`, (Tags ?? {}) as Record<string, unknown>);
      request.store.set(RuleArn, {
        RuleStatus: "ENABLED",
        IsTerminal: false,
        ...rule,
        RuleArn,
        CreatedAt: now,
        UpdatedAt: now,
      });
      return { RuleArn };
    },
    "POST /automationrules/get": ({ store, body }) => {
      const arns = (body.AutomationRulesArns ?? []) as string[];
      const missing = arns
        .filter((rule) => !store.has(rule))
        .map((rule) => ({ RuleArn: rule, ErrorCode: 404 }));
      return { Rules: arns.flatMap((rule) => store.get(rule) ?? []), UnprocessedAutomationRules: missing };
    },
    "POST /automationrules/delete": ({ store, body }) => {
      const arns = (body.AutomationRulesArns ?? []) as string[];
      for (const rule of arns) store.delete(rule);
      return { ProcessedAutomationRules: arns, UnprocessedAutomationRules: [] };
    },
    "POST /actionTargets": (request) => {
      const ActionTargetArn = arn(request, `action/custom/${String(request.body.Id)}`);
      const { Name, Description } = request.body;
      request.store.set(ActionTargetArn, { ActionTargetArn, Name, Description });
      return { ActionTargetArn };
    },
    "POST /actionTargets/get": ({ store, body }) => {
      const arns =
        (body.ActionTargetArns as string[] | undefined) ??
        [...store.keys()].filter((key) => key.includes(":action/"));
      return { ActionTargets: arns.flatMap((target) => store.get(target) ?? []) };
    },
    "DELETE /actionTargets/{arn+}": ({ store, path }) => {
      store.delete(path.arn ?? "");
      return { ActionTargetArn: path.arn };
    },
    "POST /insights": (request) => {
      const InsightArn = arn(request, `insight/${request.account}/custom/${uuid()}`);
      request.store.set(InsightArn, { ...request.body, InsightArn });
      return { InsightArn };
    },
    "POST /insights/get": ({ store, body }) => ({
      Insights: ((body.InsightArns ?? []) as string[]).flatMap((insight) => store.get(insight) ?? []),
    }),
    "DELETE /insights/{arn+}": ({ store, path }) => {
      store.delete(path.arn ?? "");
      return { InsightArn: path.arn };
    },
    "GET /tags/{arn+}": ({ store, path }) => ({ Tags: store.get(`tags of ${path.arn}`) ?? {} }),
  },
});
