import { type Attributes, elsewhere, unlimited, word } from "./attributes";

export const networkAttributes = {
  aws_default_network_acl: {},
  aws_default_route_table: {},
  aws_default_security_group: {},
  aws_ebs_encryption_by_default: {},
  aws_ebs_snapshot_block_public_access: {},
  aws_flow_log: {
    log_format: unlimited,
    "destination_options.file_format": word,
    log_destination: elsewhere,
  },
  aws_launch_template: {
    name: ["ec2:CreateLaunchTemplate.LaunchTemplateName"],
    description: ["ec2:CreateLaunchTemplate.VersionDescription"],
    user_data: ["user-data"],
    "block_device_mappings[].device_name": word,
    "iam_instance_profile.name": elsewhere,
    image_id: unlimited,
    "metadata_options.instance_metadata_tags": word,
    "tag_specifications[].tags{}": ["iam:CreateRole.Tags[].Value"],
  },
  aws_network_acl: {},
  aws_route53_resolver_firewall_config: {},
  aws_route53_resolver_firewall_domain_list: {
    name: ["route53resolver:CreateFirewallDomainList.Name"],
    "domains[]": ["route53resolver:UpdateFirewallDomains.Domains[]"],
  },
  aws_route53_resolver_firewall_rule: {
    name: ["route53resolver:CreateFirewallRule.Name"],
    block_response: word,
  },
  aws_route53_resolver_firewall_rule_group: {
    name: ["route53resolver:CreateFirewallRuleGroup.Name"],
  },
  aws_route53_resolver_firewall_rule_group_association: {
    name: ["route53resolver:AssociateFirewallRuleGroup.Name"],
  },
  aws_route53_resolver_query_log_config: {
    name: ["route53resolver:CreateResolverQueryLogConfig.Name"],
    destination_arn: ["route53resolver:CreateResolverQueryLogConfig.DestinationArn"],
  },
  aws_route_table: {},
  aws_route_table_association: {},
  aws_security_group: {
    name: ["security-group-name"],
    description: ["security-group-description"],
    "ingress[].description": ["security-group-description"],
    "egress[].description": ["security-group-description"],
  },
  aws_subnet: {},
  aws_vpc: {},
  aws_vpc_endpoint: {
    policy: ["endpoint-policy"],
    service_name: word,
  },
  aws_vpc_endpoint_route_table_association: {},
} as const satisfies Readonly<Record<string, Attributes>>;
