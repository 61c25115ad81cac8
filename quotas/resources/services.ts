import { type Attributes, elsewhere, unlimited, word } from "./attributes";

export const serviceAttributes = {
  aws_cloudtrail: {
    name: ["trail-name"],
    s3_bucket_name: elsewhere,
    "advanced_event_selector[].name": ["cloudtrail:PutEventSelectors.AdvancedEventSelectors[].Name"],
    "advanced_event_selector[].field_selector[].field": word,
    "advanced_event_selector[].field_selector[].equals[]": [
      "cloudtrail:PutEventSelectors.AdvancedEventSelectors[].FieldSelectors[].Equals[]",
    ],
    "advanced_event_selector[].field_selector[].not_equals[]": [
      "cloudtrail:PutEventSelectors.AdvancedEventSelectors[].FieldSelectors[].Equals[]",
    ],
    "advanced_event_selector[].field_selector[].starts_with[]": [
      "cloudtrail:PutEventSelectors.AdvancedEventSelectors[].FieldSelectors[].Equals[]",
    ],
    "advanced_event_selector[].field_selector[].not_starts_with[]": [
      "cloudtrail:PutEventSelectors.AdvancedEventSelectors[].FieldSelectors[].Equals[]",
    ],
  },
  aws_cloudwatch_event_bus: {
    name: ["events:CreateEventBus.Name"],
  },
  aws_cloudwatch_event_bus_policy: {
    event_bus_name: elsewhere,
    policy: ["event-bus-policy"],
  },
  aws_cloudwatch_event_rule: {
    name: ["events:PutRule.Name"],
    description: ["events:PutRule.Description"],
    event_bus_name: elsewhere,
    event_pattern: ["event-pattern-size", "rule-complexity"],
    schedule_expression: ["events:PutRule.ScheduleExpression"],
    state: word,
  },
  aws_cloudwatch_event_target: {
    target_id: ["events:PutTargets.Targets[].Id"],
    event_bus_name: elsewhere,
    input: ["events:PutTargets.Targets[].Input"],
    "input_transformer.input_template": ["events:PutTargets.Targets[].InputTransformer.InputTemplate"],
    "input_transformer.input_paths{}": ["events:PutTargets.Targets[].InputTransformer.InputPathsMap{}"],
    arn: ["events:PutTargets.Targets[].Arn"],
    rule: elsewhere,
  },
  aws_cloudwatch_log_group: {
    name: ["logs:CreateLogGroup.logGroupName"],
  },
  aws_cloudwatch_log_metric_filter: {
    name: unlimited,
  },
  aws_cloudwatch_metric_alarm: {
    alarm_name: ["cloudwatch:PutMetricAlarm.AlarmName"],
    alarm_description: ["cloudwatch:PutMetricAlarm.AlarmDescription"],
    metric_name: ["cloudwatch:PutMetricAlarm.MetricName"],
    namespace: ["cloudwatch:PutMetricAlarm.Namespace"],
    "dimensions{}": ["cloudwatch:PutMetricAlarm.Dimensions[].Value"],
    comparison_operator: word,
    treat_missing_data: word,
    statistic: word,
  },
  aws_detective_graph: {},
  aws_guardduty_detector: {},
  aws_guardduty_detector_feature: {
    name: word,
    "additional_configuration[].name": word,
  },
  aws_guardduty_organization_admin_account: {},
  aws_guardduty_organization_configuration_feature: {
    name: word,
    "additional_configuration[].name": word,
  },
  aws_guardduty_organization_configuration: {},
  aws_guardduty_publishing_destination: {},
  aws_inspector2_delegated_admin_account: {},
  aws_inspector2_enabler: {},
  aws_inspector2_organization_configuration: {},
  aws_lambda_function: {
    function_name: ["function-name"],
    description: ["lambda:CreateFunction.Description"],
    handler: ["lambda:CreateFunction.Handler"],
    "environment.variables": ["function-environment"],
    filename: unlimited,
    source_code_hash: unlimited,
    "logging_config.log_group": elsewhere,
    "logging_config.log_format": word,
  },
  aws_lambda_function_event_invoke_config: {
    function_name: elsewhere,
  },
  aws_lambda_permission: {
    statement_id: unlimited,
  },
  aws_macie2_account: {},
  aws_macie2_organization_admin_account: {},
  aws_macie2_organization_configuration: {},
  aws_securityhub_account: {},
  aws_securityhub_automation_rule: {
    rule_name: ["automation-rule-name"],
    description: ["automation-rule-description"],
    "actions[].finding_fields_update[].note[].text": ["finding-note"],
    "actions[].finding_fields_update[].note[].updated_by": unlimited,
    "criteria[].generator_id[].value": unlimited,
    "criteria[].type[].value": unlimited,
    "criteria[].aws_account_id[].value": unlimited,
  },
  aws_securityhub_configuration_policy: {
    name: ["configuration-policy-name"],
    description: unlimited,
    "configuration_policy.security_controls_configuration.security_control_custom_parameter[].parameter[].name":
      word,
    "configuration_policy.enabled_standard_arns[]": unlimited,
  },
  aws_securityhub_configuration_policy_association: { target_id: unlimited },
  aws_securityhub_finding_aggregator: {},
  aws_securityhub_organization_admin_account: {},
  aws_securityhub_organization_configuration: {},
  aws_sfn_state_machine: {
    name: ["state-machine-name"],
    definition: ["state-machine-definition"],
    "logging_configuration.log_destination": elsewhere,
  },
  aws_sns_topic: {
    name: ["topic-name"],
  },
  aws_sns_topic_policy: {
    policy: ["topic-policy"],
  },
  aws_sns_topic_subscription: {
    endpoint: unlimited,
    redrive_policy: unlimited,
  },
  aws_sqs_queue: {
    name: ["queue-name"],
    policy: ["queue-policy"],
  },
  aws_sqs_queue_policy: {
    policy: ["queue-policy"],
  },
  aws_ssm_document: {
    document_format: word,
    name: ["ssm:CreateDocument.Name"],
    content: ["document-size"],
  },
  terraform_data: {},
} as const satisfies Readonly<Record<string, Attributes>>;
