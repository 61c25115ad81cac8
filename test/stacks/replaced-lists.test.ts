import { type StackJson, synthesized } from "../support/landscapes";
import { snapshotCases } from "../support/snapshot-cases";

/**
 * Lists and sets that the provider changes in place, by type and path: read in its source, version 5.100.0
 * (`ForceNew` in `internal/service/<service>` of hashicorp/terraform-provider-aws).
 */
const changedInPlace = new Set([
  "aws_cloudformation_stack capabilities",
  "aws_cloudformation_stack_set capabilities",
  "aws_cloudtrail advanced_event_selector",
  "aws_cloudtrail advanced_event_selector.field_selector",
  "aws_cloudtrail advanced_event_selector.field_selector.equals",
  "aws_cloudtrail advanced_event_selector.field_selector.not_starts_with",
  "aws_cloudtrail advanced_event_selector.field_selector.starts_with",
  "aws_cloudwatch_metric_alarm alarm_actions",
  "aws_cloudwatch_metric_alarm ok_actions",
  "aws_default_route_table route",
  "aws_default_security_group egress",
  "aws_default_security_group ingress",
  "aws_dynamodb_table attribute",
  "aws_glue_catalog_table partition_keys",
  "aws_glue_catalog_table storage_descriptor.columns",
  "aws_guardduty_detector_feature additional_configuration",
  "aws_inspector2_enabler resource_types",
  "aws_lambda_function architectures",
  "aws_launch_template block_device_mappings",
  "aws_launch_template network_interfaces",
  "aws_launch_template network_interfaces.security_groups",
  "aws_launch_template tag_specifications",
  "aws_network_acl egress",
  "aws_network_acl ingress",
  "aws_network_acl subnet_ids",
  "aws_route53_resolver_firewall_domain_list domains",
  "aws_route_table route",
  "aws_s3_bucket_lifecycle_configuration rule",
  "aws_s3_bucket_lifecycle_configuration rule.abort_incomplete_multipart_upload",
  "aws_s3_bucket_lifecycle_configuration rule.expiration",
  "aws_s3_bucket_lifecycle_configuration rule.filter",
  "aws_s3_bucket_lifecycle_configuration rule.noncurrent_version_expiration",
  "aws_s3_bucket_lifecycle_configuration rule.transition",
  "aws_s3_bucket_server_side_encryption_configuration rule",
  "aws_security_group egress",
  "aws_security_group egress.cidr_blocks",
  "aws_security_group egress.prefix_list_ids",
  "aws_security_group ingress",
  "aws_security_group ingress.security_groups",
  "aws_securityhub_automation_rule actions",
  "aws_securityhub_automation_rule actions.finding_fields_update",
  "aws_securityhub_automation_rule actions.finding_fields_update.note",
  "aws_securityhub_automation_rule actions.finding_fields_update.workflow",
  "aws_securityhub_automation_rule criteria",
  "aws_securityhub_automation_rule criteria.aws_account_id",
  "aws_securityhub_automation_rule criteria.compliance_security_control_id",
  "aws_securityhub_automation_rule criteria.generator_id",
  "aws_securityhub_automation_rule criteria.record_state",
  "aws_securityhub_automation_rule criteria.resource_tags",
  "aws_securityhub_automation_rule criteria.resource_type",
  "aws_securityhub_automation_rule criteria.workflow_status",
  "aws_securityhub_configuration_policy configuration_policy.enabled_standard_arns",
  "aws_securityhub_configuration_policy configuration_policy.security_controls_configuration.disabled_control_identifiers",
  "aws_securityhub_configuration_policy configuration_policy.security_controls_configuration.security_control_custom_parameter",
  "aws_securityhub_configuration_policy configuration_policy.security_controls_configuration.security_control_custom_parameter.parameter",
  "aws_securityhub_finding_aggregator specified_regions",
  "aws_vpc_endpoint route_table_ids",
  "aws_vpc_endpoint security_group_ids",
  "aws_vpc_endpoint subnet_ids",
]);

/** Those whose change replaces the resource: why nothing that stands by itself is lost with it. */
const replaces: Readonly<Record<string, { readonly most: number; readonly because: string }>> = {
  "aws_cloudformation_stack_set_instance deployment_targets.organizational_unit_ids": {
    most: 1,
    because: "a unit has an instance of its own",
  },
  "aws_inspector2_enabler account_ids": { most: 1, because: "the account that administers, and no other" },
  "aws_guardduty_organization_configuration_feature additional_configuration": {
    most: 3,
    because: "the agents of one feature; the provider deletes nothing, and writes the same again",
  },
};

type Found = Map<string, number>;

/** Lists by type and path, with the most that one of them holds. */
function listsOf(value: unknown, path: string, found: Found): void {
  if (Array.isArray(value)) {
    found.set(path, Math.max(found.get(path) ?? 0, value.length));
    for (const item of value) if (typeof item === "object") listsOf({ item }, path, found);
  } else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value))
      listsOf(inner, name === "item" ? path : `${path}${path.endsWith(" ") ? "" : "."}${name}`, found);
  }
}

const meta = new Set(["lifecycle", "depends_on", "provisioner"]);

function listsOfStack({ resource = {} }: StackJson, found: Found): void {
  for (const [type, resources] of Object.entries(resource)) {
    for (const one of Object.values(resources)) {
      const own = Object.entries(one).filter(([attribute]) => !meta.has(attribute));
      listsOf(Object.fromEntries(own), `${type} `, found);
    }
  }
}

describe("lists of independent things", () => {
  const found: Found = new Map();

  beforeAll(() => {
    for (const landscapeOf of Object.values(snapshotCases)) {
      const { texts, stack } = synthesized(landscapeOf());
      for (const name of texts.keys()) listsOfStack(stack(name), found);
    }
  });

  it("are known to be changed in place, or to be one thing: plan a change of a new one, and see what it replaces", () => {
    const unknown = [...found.keys()].filter(
      (path) => !changedInPlace.has(path) && replaces[path] === undefined,
    );
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(replaces))(
    "that replace their resource hold no more than is told: %s",
    (path, { most }) => {
      expect(found.get(path)).toBeLessThanOrEqual(most);
    },
  );
});
