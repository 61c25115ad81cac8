import { cloudFormationSettings } from "./cloudformation-settings";
import {
  days,
  encrypted,
  executionLogLevel,
  forever,
  kept,
  logged,
  off,
  on,
  onUnlessSaid,
  protectedBy,
  ruleState,
  type Setting,
  trafficType,
} from "./strength";

/** Defaults are those of the provider's documentation of each resource. */
const ofProvider: Readonly<Record<string, readonly Setting[]>> = {
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
  aws_flow_log: [logged("traffic_type", trafficType)],
  aws_cloudwatch_event_rule: [logged("state", ruleState), logged("is_enabled", onUnlessSaid)],
  aws_cloudwatch_metric_alarm: [logged("actions_enabled", onUnlessSaid), logged("alarm_actions", "list")],
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
    // A rule that is switched on deletes what none has deleted before.
    kept("rule.status", { order: ["Enabled", "Disabled"], unsaid: "Disabled" }),
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
  aws_sfn_state_machine: [logged("logging_configuration.level", executionLogLevel)],
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

/** By type of resource, what of it weakens or strengthens. */
export const settings: Readonly<Record<string, readonly Setting[]>> = {
  ...ofProvider,
  ...cloudFormationSettings,
};
