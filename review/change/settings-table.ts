import type { Value } from "../graph";
import type { AccessKind } from "./model";

/** How the values of an attribute order, from weak to strong. */
export type Strength =
  /** More is stronger; what is not said counts as much as this, and so does zero where that means forever. */
  | { readonly more: { readonly unsaid: number; readonly forever?: number } }
  /** This value is the strong one; what is not said is `unsaid`. */
  | { readonly strong: Value; readonly unsaid?: Value }
  /** From weak to strong. */
  | { readonly order: readonly Value[]; readonly unsaid?: Value }
  /** Strong where something is said. */
  | "said"
  /** A list that is stronger the more it holds. */
  | "list";

interface Setting {
  readonly kind: AccessKind;
  /** Names of attributes, joined by dots, past lists of blocks. */
  readonly at: string;
  readonly strength: Strength;
}

const on: Strength = { strong: true, unsaid: false };
const onUnlessSaid: Strength = { strong: true, unsaid: true };
const off: Strength = { strong: false, unsaid: false };
export const forever = Number.POSITIVE_INFINITY;
const days = (unsaid: number): Strength => ({ more: { unsaid } });

const encrypted = (at: string, strength: Strength = "said"): Setting => ({
  kind: "encryption",
  at,
  strength,
});
const logged = (at: string, strength: Strength = on): Setting => ({ kind: "logging", at, strength });
const kept = (at: string, strength: Strength): Setting => ({ kind: "retention", at, strength });
const protectedBy = (at: string, strength: Strength = on): Setting => ({ kind: "protection", at, strength });

/** Defaults are those of the provider's documentation of each resource. */
export const settings: Readonly<Record<string, readonly Setting[]>> = {
  aws_cloudtrail: [
    encrypted("kms_key_id"),
    logged("enable_logging", onUnlessSaid),
    logged("enable_log_file_validation"),
    logged("is_multi_region_trail"),
    logged("is_organization_trail"),
    logged("include_global_service_events", onUnlessSaid),
  ],
  aws_cloudwatch_log_group: [
    kept("retention_in_days", { more: { unsaid: forever, forever: 0 } }),
    encrypted("kms_key_id"),
  ],
  aws_flow_log: [logged("traffic_type", { order: ["ACCEPT", "REJECT", "ALL"] })],
  aws_guardduty_detector: [logged("enable", onUnlessSaid)],
  aws_guardduty_detector_feature: [logged("status", { strong: "ENABLED" })],
  aws_guardduty_organization_configuration: [
    logged("auto_enable_organization_members", { order: ["NONE", "NEW", "ALL"], unsaid: "NONE" }),
  ],
  aws_config_configuration_recorder: [logged("recording_group.all_supported", onUnlessSaid)],
  aws_config_configuration_recorder_status: [logged("is_enabled")],
  aws_s3_bucket: [protectedBy("force_destroy", off), protectedBy("object_lock_enabled")],
  aws_s3_bucket_acl: [
    protectedBy("acl", {
      order: [
        "public-read-write",
        "public-read",
        "authenticated-read",
        "aws-exec-read",
        "log-delivery-write",
        "private",
      ],
      unsaid: "private",
    }),
  ],
  aws_s3_bucket_versioning: [
    protectedBy("versioning_configuration.status", { order: ["Disabled", "Suspended", "Enabled"] }),
    protectedBy("versioning_configuration.mfa_delete", { strong: "Enabled", unsaid: "Disabled" }),
  ],
  aws_s3_bucket_public_access_block: publicAccess(),
  aws_s3_account_public_access_block: publicAccess(),
  aws_s3_bucket_server_side_encryption_configuration: [
    encrypted("rule.apply_server_side_encryption_by_default.sse_algorithm", {
      order: ["AES256", "aws:kms", "aws:kms:dsse"],
    }),
    encrypted("rule.apply_server_side_encryption_by_default.kms_master_key_id"),
  ],
  aws_s3_bucket_object_lock_configuration: [
    kept("rule.default_retention.days", days(0)),
    kept("rule.default_retention.years", days(0)),
    kept("rule.default_retention.mode", { order: ["GOVERNANCE", "COMPLIANCE"] }),
  ],
  aws_s3_bucket_lifecycle_configuration: [
    kept("rule.expiration.days", days(forever)),
    kept("rule.noncurrent_version_expiration.noncurrent_days", days(forever)),
  ],
  aws_s3_bucket_ownership_controls: [
    protectedBy("rule.object_ownership", {
      order: ["ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced"],
    }),
  ],
  aws_ebs_snapshot_block_public_access: [
    protectedBy("state", { order: ["unblocked", "block-new-sharing", "block-all-sharing"] }),
  ],
  aws_ebs_encryption_by_default: [encrypted("enabled", onUnlessSaid)],
  aws_ebs_volume: [encrypted("encrypted", on), encrypted("kms_key_id")],
  aws_kms_key: [
    protectedBy("enable_key_rotation"),
    kept("deletion_window_in_days", days(30)),
    protectedBy("is_enabled", onUnlessSaid),
  ],
  aws_dynamodb_table: [
    encrypted("server_side_encryption.enabled", on),
    encrypted("server_side_encryption.kms_key_arn"),
    protectedBy("point_in_time_recovery.enabled"),
    protectedBy("deletion_protection_enabled"),
  ],
  aws_sqs_queue: [
    encrypted("kms_master_key_id"),
    encrypted("sqs_managed_sse_enabled", onUnlessSaid),
    kept("message_retention_seconds", days(345_600)),
  ],
  aws_sns_topic: [encrypted("kms_master_key_id")],
  aws_kinesis_stream: [
    encrypted("encryption_type", { strong: "KMS", unsaid: "NONE" }),
    kept("retention_period", days(24)),
  ],
  aws_kinesis_firehose_delivery_stream: [encrypted("server_side_encryption.enabled", on)],
  aws_efs_file_system: [encrypted("encrypted", on)],
  aws_db_instance: database(),
  aws_rds_cluster: database().filter(({ at }) => at !== "publicly_accessible"),
  aws_redshift_cluster: [
    encrypted("encrypted", on),
    protectedBy("publicly_accessible", off),
    kept("automated_snapshot_retention_period", days(1)),
  ],
  aws_elasticache_replication_group: [
    encrypted("at_rest_encryption_enabled", on),
    encrypted("transit_encryption_enabled", on),
  ],
  aws_opensearch_domain: [
    encrypted("encrypt_at_rest.enabled", on),
    encrypted("node_to_node_encryption.enabled", on),
    encrypted("domain_endpoint_options.enforce_https", on),
  ],
  aws_lb: [
    logged("access_logs.enabled"),
    protectedBy("enable_deletion_protection"),
    protectedBy("internal"),
    protectedBy("drop_invalid_header_fields"),
  ],
  aws_lb_listener: [encrypted("protocol", { order: ["HTTP", "HTTPS"] }), encrypted("ssl_policy")],
  aws_cloudfront_distribution: [
    encrypted("viewer_certificate.minimum_protocol_version", {
      order: ["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021"],
    }),
    encrypted("default_cache_behavior.viewer_protocol_policy", {
      order: ["allow-all", "redirect-to-https", "https-only"],
    }),
    logged("logging_config.bucket", "said"),
  ],
  aws_eks_cluster: [
    logged("enabled_cluster_log_types", "list"),
    protectedBy("vpc_config.endpoint_public_access", { strong: false, unsaid: true }),
    encrypted("encryption_config.provider.key_arn"),
  ],
  aws_ecr_repository: [
    protectedBy("image_tag_mutability", { order: ["MUTABLE", "IMMUTABLE"], unsaid: "MUTABLE" }),
    protectedBy("image_scanning_configuration.scan_on_push"),
    encrypted("encryption_configuration.encryption_type", { order: ["AES256", "KMS"], unsaid: "AES256" }),
  ],
  aws_instance: metadata(),
  aws_launch_template: metadata(),
  aws_lambda_function: [
    encrypted("kms_key_arn"),
    logged("tracing_config.mode", { order: ["PassThrough", "Active"], unsaid: "PassThrough" }),
  ],
  aws_lambda_function_url: [protectedBy("authorization_type", { strong: "AWS_IAM", unsaid: "AWS_IAM" })],
  aws_api_gateway_method: [
    protectedBy("authorization", {
      order: ["NONE", "CUSTOM", "COGNITO_USER_POOLS", "AWS_IAM"],
      unsaid: "AWS_IAM",
    }),
  ],
  aws_apigatewayv2_route: [
    protectedBy("authorization_type", { order: ["NONE", "CUSTOM", "JWT", "AWS_IAM"], unsaid: "NONE" }),
  ],
  aws_ram_resource_share: [protectedBy("allow_external_principals", off)],
  aws_sfn_state_machine: [
    logged("logging_configuration.level", { order: ["OFF", "FATAL", "ERROR", "ALL"], unsaid: "OFF" }),
  ],
  aws_api_gateway_stage: [
    logged("access_log_settings.destination_arn", "said"),
    logged("xray_tracing_enabled"),
  ],
  aws_backup_vault_lock_configuration: [
    kept("min_retention_days", days(0)),
    protectedBy("changeable_for_days", "said"),
  ],
  aws_backup_plan: [kept("rule.lifecycle.delete_after", days(forever))],
  aws_secretsmanager_secret: [encrypted("kms_key_id"), kept("recovery_window_in_days", days(30))],
  aws_iam_account_password_policy: [
    protectedBy("minimum_password_length", days(6)),
    protectedBy("password_reuse_prevention", days(0)),
  ],
  aws_athena_workgroup: [
    protectedBy("configuration.enforce_workgroup_configuration", onUnlessSaid),
    encrypted("configuration.result_configuration.encryption_configuration.encryption_option"),
  ],
  aws_subnet: [protectedBy("map_public_ip_on_launch", off)],
};

function publicAccess(): Setting[] {
  return ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].map(
    (at) => protectedBy(at),
  );
}

function database(): Setting[] {
  return [
    encrypted("storage_encrypted", on),
    encrypted("kms_key_id"),
    kept("backup_retention_period", days(0)),
    protectedBy("deletion_protection"),
    protectedBy("publicly_accessible", off),
    logged("enabled_cloudwatch_logs_exports", "list"),
  ];
}

function metadata(): Setting[] {
  return [
    protectedBy("metadata_options.http_tokens", { strong: "required", unsaid: "optional" }),
    encrypted("root_block_device.encrypted", on),
  ].filter(({ at }) => at.startsWith("metadata"));
}

/** Resources that guard by being there: what goes with one is weakened, unless what it guards goes too. */
export const guards: Readonly<Record<string, AccessKind>> = {
  aws_cloudtrail: "logging",
  aws_flow_log: "logging",
  aws_s3_bucket_logging: "logging",
  aws_config_configuration_recorder: "logging",
  aws_config_configuration_recorder_status: "logging",
  aws_guardduty_detector: "logging",
  aws_guardduty_detector_feature: "logging",
  aws_guardduty_organization_configuration: "logging",
  aws_securityhub_account: "logging",
  aws_macie2_account: "logging",
  aws_inspector2_enabler: "logging",
  aws_accessanalyzer_analyzer: "logging",
  aws_route53_resolver_query_log_config_association: "logging",
  aws_cloudwatch_log_subscription_filter: "logging",
  aws_s3_bucket_public_access_block: "protection",
  aws_s3_account_public_access_block: "protection",
  aws_s3_bucket_versioning: "protection",
  aws_s3_bucket_ownership_controls: "protection",
  aws_s3_bucket_object_lock_configuration: "retention",
  aws_s3_bucket_server_side_encryption_configuration: "encryption",
  aws_ebs_encryption_by_default: "encryption",
  aws_ebs_snapshot_block_public_access: "protection",
  aws_backup_vault_lock_configuration: "retention",
  aws_backup_selection: "retention",
  aws_organizations_policy_attachment: "guardrail",
  aws_ssoadmin_permissions_boundary_attachment: "guardrail",
  aws_iam_account_password_policy: "protection",
  aws_wafv2_web_acl_association: "protection",
  aws_route53_resolver_firewall_rule_group_association: "protection",
};

/** Resources that give by being there, with the attributes that say to whom and what. */
export const gifts: Readonly<Record<string, readonly string[]>> = {
  aws_ssoadmin_account_assignment: ["principal_id", "permission_set_arn", "target_id"],
  aws_ssoadmin_customer_managed_policy_attachment: [
    "permission_set_arn",
    "customer_managed_policy_reference",
  ],
  aws_ram_principal_association: ["principal", "resource_share_arn"],
  aws_ram_resource_association: ["resource_arn", "resource_share_arn"],
  aws_ami_launch_permission: [
    "image_id",
    "account_id",
    "group",
    "organization_arn",
    "organizational_unit_arn",
  ],
  aws_snapshot_create_volume_permission: ["snapshot_id", "account_id"],
  aws_kms_grant: ["key_id", "grantee_principal", "operations", "constraints"],
  aws_vpc_endpoint_service_allowed_principal: ["principal_arn"],
  aws_vpc_peering_connection: ["vpc_id", "peer_vpc_id", "peer_owner_id"],
  aws_organizations_delegated_administrator: ["account_id", "service_principal"],
  aws_iam_access_key: ["user"],
  aws_lambda_layer_version_permission: ["layer_name", "version_number", "principal", "organization_id"],
  aws_eks_access_policy_association: ["cluster_name", "principal_arn", "policy_arn", "access_scope"],
  aws_rolesanywhere_trust_anchor: ["name", "source"],
  aws_route: ["route_table_id", "destination_cidr_block", "destination_ipv6_cidr_block", "gateway_id"],
  aws_db_snapshot: ["db_snapshot_identifier", "shared_accounts"],
  aws_iam_group_membership: ["group", "users"],
  aws_iam_user_group_membership: ["user", "groups"],
  aws_lakeformation_permissions: [
    "principal",
    "permissions",
    "permissions_with_grant_option",
    "database",
    "table",
  ],
  aws_internet_gateway: ["vpc_id"],
  aws_iam_openid_connect_provider: ["url", "client_id_list"],
  aws_iam_saml_provider: ["name"],
};
