import { type Attributes, elsewhere, word } from "./attributes";

export const templateAttributes = {
  "AWS::Config::ConfigurationRecorder": {
    RoleARN: elsewhere,
    Name: ["config:PutConfigurationRecorder.ConfigurationRecorder.name"],
  },
  "AWS::Config::DeliveryChannel": {
    Name: ["config:PutDeliveryChannel.DeliveryChannel.name"],
    S3BucketName: elsewhere,
  },
  "AWS::Events::Rule": {
    Name: ["events:PutRule.Name"],
    Description: ["events:PutRule.Description"],
    EventPattern: ["event-pattern-size", "rule-complexity"],
    "Targets[].Id": ["events:PutTargets.Targets[].Id"],
    "Targets[].Arn": ["events:PutTargets.Targets[].Arn"],
    State: word,
  },
  "AWS::IAM::InstanceProfile": {
    InstanceProfileName: ["iam:CreateInstanceProfile.InstanceProfileName"],
    Path: ["iam:CreateRole.Path"],
  },
  "AWS::IAM::ManagedPolicy": {
    ManagedPolicyName: ["iam:CreatePolicy.PolicyName"],
    Path: ["iam:CreateRole.Path"],
    Description: ["iam:CreateRole.Description"],
    PolicyDocument: ["managed-policy-size"],
  },
  "AWS::IAM::Role": {
    RoleName: ["iam:CreateRole.RoleName"],
    Path: ["iam:CreateRole.Path"],
    Description: ["iam:CreateRole.Description"],
    AssumeRolePolicyDocument: ["trust-policy-size"],
    "Policies[].PolicyName": ["iam:PutRolePolicy.PolicyName"],
    "Policies[].PolicyDocument": ["inline-policies-of-role"],
  },
  "AWS::SSM::Document": {
    DocumentFormat: word,
    Name: ["ssm:CreateDocument.Name"],
    Content: ["document-size"],
  },
  "AWS::SSM::Parameter": {
    Name: ["ssm:PutParameter.Name"],
    Description: ["ssm:PutParameter.Description"],
    Value: ["parameter-value"],
  },
} as const satisfies Readonly<Record<string, Attributes>>;
