import { type Attributes, elsewhere, unlimited } from "./attributes";

export const identityAttributes = {
  aws_accessanalyzer_analyzer: {
    analyzer_name: ["accessanalyzer:CreateAnalyzer.analyzerName"],
  },
  aws_cloudformation_stack: {
    name: ["stack-name"],
    template_body: ["template-size"],
    "parameters{}": ["template-parameter-value"],
  },
  aws_cloudformation_stack_set: {
    name: ["stack-name"],
    description: ["cloudformation:CreateStackSet.Description"],
    template_body: ["template-size"],
    "parameters{}": ["template-parameter-value"],
  },
  aws_cloudformation_stack_set_instance: {
    "deployment_targets.organizational_unit_ids[]": unlimited,
    stack_set_name: elsewhere,
  },
  aws_iam_account_password_policy: {},
  aws_iam_instance_profile: {
    name: ["iam:CreateInstanceProfile.InstanceProfileName"],
    path: ["iam:CreateRole.Path"],
  },
  aws_iam_organizations_features: {},
  aws_iam_policy: {
    name: ["iam:CreatePolicy.PolicyName"],
    path: ["iam:CreateRole.Path"],
    description: ["iam:CreateRole.Description"],
    policy: ["managed-policy-size", "iam:CreatePolicy.PolicyDocument"],
  },
  aws_iam_role: {
    name: ["iam:CreateRole.RoleName"],
    path: ["iam:CreateRole.Path"],
    description: ["iam:CreateRole.Description"],
    assume_role_policy: ["trust-policy-size", "iam:CreateRole.AssumeRolePolicyDocument"],
  },
  aws_iam_role_policy: {
    name: ["iam:PutRolePolicy.PolicyName"],
    policy: ["inline-policies-of-role"],
  },
  aws_iam_role_policy_attachment: {},
  aws_iam_saml_provider: {
    name: ["iam:CreateSAMLProvider.Name"],
    saml_metadata_document: ["iam:CreateSAMLProvider.SAMLMetadataDocument"],
  },
  aws_iam_user: {
    name: ["iam:CreateUser.UserName"],
    path: ["iam:CreateRole.Path"],
  },
  aws_iam_user_policy_attachment: {},
  aws_organizations_account: {
    role_name: ["iam:CreateRole.RoleName"],
    name: ["organizations:CreateAccount.AccountName"],
    email: ["organizations:CreateAccount.Email"],
  },
  aws_organizations_delegated_administrator: {},
  aws_organizations_organizational_unit: {
    name: ["organizations:CreateOrganizationalUnit.Name"],
  },
  aws_organizations_policy: {
    name: ["organizations:CreatePolicy.Name"],
    description: ["organizations:CreatePolicy.Description"],
    content: ["control-policy-size"],
  },
  aws_organizations_policy_attachment: { policy_id: elsewhere, target_id: unlimited },
  aws_ram_principal_association: {},
  aws_ram_resource_association: {},
  aws_ram_resource_share: {
    name: unlimited,
  },
  aws_ram_sharing_with_organization: {},
  aws_ssoadmin_account_assignment: {},
  aws_ssoadmin_permission_set: {
    name: ["sso-admin:CreatePermissionSet.Name"],
    description: ["sso-admin:CreatePermissionSet.Description"],
  },
  aws_ssoadmin_permission_set_inline_policy: {
    inline_policy: ["permission-set-inline-policy", "sso-admin:PutInlinePolicyToPermissionSet.InlinePolicy"],
  },
} as const satisfies Readonly<Record<string, Attributes>>;
