import type { QuotaId } from "./index";
import { quotaOf } from "./index";
import type { Reading } from "./reading";
import type { Resource, Template } from "./stacks";
import { valuesAt } from "./values";

const count = (id: QuotaId, where: string, used: number): Reading => ({ quota: quotaOf(id), where, used });

/** How many of `items` there are by each key, as readings; those without a key are left out. */
function by<Item>(
  id: QuotaId,
  items: readonly Item[],
  key: (item: Item) => string | undefined,
  more = 0,
): Reading[] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const of = key(item);
    if (of !== undefined) counts.set(of, (counts.get(of) ?? more) + 1);
  }
  return [...counts].map(([where, used]) => count(id, where, used));
}

const text = (value: unknown): string => String(value ?? "");

const named = ({ stack, type, name }: Resource): string => `${stack}: ${type}.${name}`;

/** Organizations: policies at a target beside AWS's own, policies and units of all. */
function organization(of: (type: string) => Resource[]): Reading[] {
  const policies = of("aws_organizations_policy");
  const typeOf = new Map(
    policies.map(({ stack, name, attributes }) => [
      `${stack} \${aws_organizations_policy.${name}.id}`,
      text(attributes.type ?? "SERVICE_CONTROL_POLICY"),
    ]),
  );
  const typeOfAttached = ({ stack, attributes }: Resource): string =>
    typeOf.get(`${stack} ${text(attributes.policy_id)}`) ?? "SERVICE_CONTROL_POLICY";
  const units = of("aws_organizations_organizational_unit");
  return [
    ...by(
      "control-policies-per-target",
      of("aws_organizations_policy_attachment"),
      (each) => `${typeOfAttached(each)} at ${text(each.attributes.target_id)}`,
      1,
    ),
    ...by("policies-per-type", policies, ({ attributes }) => text(attributes.type)),
    ...(units.length > 0 ? [count("units", "organization", units.length)] : []),
  ];
}

function identity(of: (type: string) => Resource[], all: readonly Resource[]): Reading[] {
  const inTemplates = (type: string) => all.filter((each) => each.type === type);
  return [
    ...by(
      "managed-policies-per-role",
      of("aws_iam_role_policy_attachment"),
      (each) => `${each.stack}: ${text(each.attributes.role)}`,
    ),
    ...by(
      "managed-policies-per-user",
      of("aws_iam_user_policy_attachment"),
      (each) => `${each.stack}: ${text(each.attributes.user)}`,
    ),
    ...inTemplates("AWS::IAM::Role").map((each) =>
      count(
        "managed-policies-per-role",
        named(each),
        valuesAt(each.attributes, "ManagedPolicyArns[]").length,
      ),
    ),
    ...by("roles-per-account", [...of("aws_iam_role"), ...inTemplates("AWS::IAM::Role")], ({ place }) =>
      accountOf(place),
    ),
    ...by(
      "policies-per-account",
      [...of("aws_iam_policy"), ...inTemplates("AWS::IAM::ManagedPolicy")],
      ({ place }) => accountOf(place),
    ),
    ...by("permission-sets", of("aws_ssoadmin_permission_set"), ({ place }) => accountOf(place)),
  ];
}

/** Place without its region. */
const accountOf = (place: string): string => (/^\d{12} /.test(place) ? place.slice(0, 12) : place);

function events(of: (type: string) => Resource[], all: readonly Resource[]): Reading[] {
  return [
    ...by(
      "rules-per-bus",
      of("aws_cloudwatch_event_rule"),
      ({ place, attributes }) => `${place} ${text(attributes.event_bus_name ?? "default")}`,
    ),
    ...by(
      "rules-per-bus",
      all.filter(({ type }) => type === "AWS::Events::Rule"),
      ({ place }) => `${place} default`,
    ),
    ...by(
      "targets-per-rule",
      of("aws_cloudwatch_event_target"),
      (each) => `${each.stack}: ${text(each.attributes.rule)}`,
    ),
    ...all
      .filter(({ type }) => type === "AWS::Events::Rule")
      .map((each) => count("targets-per-rule", named(each), valuesAt(each.attributes, "Targets[]").length)),
    ...by("event-buses", of("aws_cloudwatch_event_bus"), ({ place }) => place, 1),
    ...of("aws_cloudwatch_metric_alarm").map((each) =>
      count("alarm-actions", named(each), valuesAt(each.attributes, "alarm_actions[]").length),
    ),
  ];
}

/** Each direction and each source of a rule counts. */
const sources = (rule: unknown): number =>
  ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"].reduce(
    (sum, key) => sum + valuesAt(rule, `${key}[]`).length,
    (rule as { readonly self?: boolean }).self === true ? 1 : 0,
  );

function network(of: (type: string) => Resource[]): Reading[] {
  const eachWay = (id: QuotaId, type: string, size: (rule: unknown) => number) =>
    of(type).flatMap((each) =>
      ["ingress", "egress"].map((way) =>
        count(
          id,
          `${named(each)} ${way}`,
          valuesAt(each.attributes, `${way}[]`).reduce<number>((sum, rule) => sum + size(rule), 0),
        ),
      ),
    );
  return [
    ...eachWay("rules-per-group", "aws_security_group", sources),
    // The rule that denies all else counts too.
    ...eachWay("network-acl-rules", "aws_network_acl", () => 1),
    ...of("aws_launch_template").map((each) =>
      count(
        "groups-per-interface",
        named(each),
        valuesAt(each.attributes, "network_interfaces[].security_groups[]").length,
      ),
    ),
    ...by("vpcs", of("aws_vpc"), ({ place }) => place, 1),
    ...by(
      "interface-endpoints",
      of("aws_vpc_endpoint").filter(({ attributes }) => attributes.vpc_endpoint_type === "Interface"),
      ({ place, attributes }) => `${place} ${text(attributes.vpc_id)}`,
    ),
    ...by("query-log-configurations", of("aws_route53_resolver_query_log_config"), ({ place }) => place),
    ...by(
      "firewall-rules",
      of("aws_route53_resolver_firewall_rule"),
      ({ stack, attributes }) => `${stack}: ${text(attributes.firewall_rule_group_id)}`,
    ),
    ...of("aws_route53_resolver_firewall_domain_list").map((each) =>
      count("firewall-domains", named(each), valuesAt(each.attributes, "domains[]").length),
    ),
    ...by("resource-shares", of("aws_ram_resource_share"), ({ place }) => place),
  ];
}

function detection(of: (type: string) => Resource[]): Reading[] {
  return [
    ...by("automation-rules", of("aws_securityhub_automation_rule"), ({ place }) => place),
    ...of("aws_securityhub_automation_rule").flatMap((each) =>
      ["aws_account_id", "generator_id", "type"].map((key) =>
        count("automation-criterion", named(each), valuesAt(each.attributes, `criteria[].${key}[]`).length),
      ),
    ),
    ...by("configuration-policies", of("aws_securityhub_configuration_policy"), ({ place }) => place),
    ...of("aws_cloudtrail").map((each) =>
      count(
        "trail-condition-values",
        named(each),
        valuesAt(each.attributes, "advanced_event_selector[].field_selector[]").flatMap((selector) =>
          Object.values(selector as Record<string, unknown>).flatMap((value) =>
            Array.isArray(value) ? value : [],
          ),
        ).length,
      ),
    ),
  ];
}

const templates = (all: readonly Template[]): Reading[] =>
  all.flatMap(({ stack, name, json }) => {
    const where = `${stack}: ${name}`;
    const size = (part: object | undefined): number => Object.keys(part ?? {}).length;
    return [
      count("template-resources", where, size(json.Resources)),
      count("template-parameters", where, size(json.Parameters)),
      count("template-outputs", where, size(json.Outputs)),
      count("template-description", where, Buffer.byteLength(json.Description ?? "")),
      ...[json.Resources, json.Parameters].flatMap((part) =>
        Object.keys(part ?? {}).map((key) => count("template-names", `${where} ${key}`, key.length)),
      ),
    ];
  });

/** Quotas that count over several resources. */
export function countedReadings(
  terraform: readonly Resource[],
  all: readonly Resource[],
  bodies: readonly Template[],
): Reading[] {
  const of = (type: string): Resource[] => terraform.filter((each) => each.type === type);
  return [
    ...organization(of),
    ...identity(of, all),
    ...events(of, all),
    ...network(of),
    ...detection(of),
    ...templates(bodies),
    ...by("stack-sets", of("aws_cloudformation_stack_set"), ({ place }) => accountOf(place)),
    ...by("buckets", of("aws_s3_bucket"), ({ place }) => accountOf(place)),
    ...of("aws_s3_bucket_lifecycle_configuration").map((each) =>
      count("lifecycle-rules", named(each), valuesAt(each.attributes, "rule[]").length),
    ),
    ...terraform.map((each) =>
      count(
        "tags-per-resource",
        named(each),
        Object.keys({ ...each.defaultTags, ...(each.attributes.tags ?? {}) }).length,
      ),
    ),
  ];
}
