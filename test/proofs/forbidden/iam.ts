import {
  administrator,
  except,
  type Forbidden,
  forbid,
  iam,
  path,
  pmapper,
  prowler,
  rhino,
  stratus,
} from "./model";

const user = iam("user/payments-admin");
const role = iam("role/payments-admin");
const group = iam("group/administrators");
const policy = iam("policy/payments-app");
const provider = iam("oidc-provider/token.actions.githubusercontent.com");
const saml = iam("saml-provider/corporate");
const profile = iam("instance-profile/payments-web");
const admin = { "iam:PolicyARN": administrator };
const loose = { "iam:PermissionsBoundary": administrator };
const developers = { "iam:PermissionsBoundary": iam("policy/developers-boundary") };

/** Permissions: whoever writes, attaches or unbinds them has them all. */
const permissions = forbid("all", [
  ["iam:CreatePolicy", iam("policy/grants-all"), "writes a policy of its own"],
  ["iam:CreatePolicyVersion", policy, "rewrites a policy in use", rhino(1, "iam-001", "iam-016", "iam-020")],
  ["iam:SetDefaultPolicyVersion", policy, "brings a broader, older version back", rhino(2)],
  ["iam:DeletePolicyVersion", policy, "removes what a policy said at the time of the incident"],
  ["iam:DeletePolicy", policy, "removes a policy that evidence or a boundary refers to"],
  ["iam:AttachUserPolicy", user, "makes a user administrator", rhino(7, "iam-008", "iam-015"), admin],
  ["iam:AttachGroupPolicy", group, "makes a group administrator", rhino(8, "iam-010"), admin],
  [
    "iam:AttachRolePolicy",
    role,
    "makes a role administrator",
    rhino(9, "iam-009", "iam-014", "iam-019"),
    admin,
  ],
  ["iam:PutUserPolicy", user, "writes inline permissions", rhino(10, "iam-007", "iam-018")],
  ["iam:PutGroupPolicy", group, "writes inline permissions", rhino(11, "iam-011")],
  ["iam:PutRolePolicy", role, "writes inline permissions", rhino(12, "iam-005", "iam-017", "iam-021")],
  ["iam:AddUserToGroup", group, "puts a user among the administrators", rhino(13, "iam-013")],
  ["iam:RemoveUserFromGroup", group, "a group may carry denials, and its members are evidence"],
  ["iam:DetachGroupPolicy", group, "a policy may be a denial, and a group holds the innocent too"],
  ["iam:DeleteUserPolicy", user, "an inline policy may be a denial, and is evidence"],
  ["iam:DeleteRolePolicy", role, "an inline policy may be a denial, and is evidence"],
  ["iam:PutUserPermissionsBoundary", user, "replaces a boundary by none", loose],
  ["iam:PutRolePermissionsBoundary", role, "replaces a boundary by none", loose],
  [
    "iam:DeleteUserPermissionsBoundary",
    user,
    "takes a boundary off that is not the quarantine's",
    prowler("iam:DeleteUserPermissionsBoundary (IAM-022)"),
    developers,
  ],
  [
    "iam:DeleteRolePermissionsBoundary",
    role,
    "takes a boundary off that is not the quarantine's",
    prowler("AssumeRole+DeleteRolePermissionsBoundary (IAM-023)"),
    developers,
  ],
]);

/** Principals, and who may become them. */
const principals = forbid("all", [
  [
    "iam:UpdateAssumeRolePolicy",
    role,
    "lets anybody become the role",
    rhino(14, "iam-012", "iam-019", "iam-020", "iam-021"),
  ],
  [
    "iam:CreateUser",
    iam("user/backdoor"),
    "a principal nobody knows",
    stratus("persistence.iam-create-admin-user"),
  ],
  [
    "iam:CreateRole",
    iam("role/backdoor"),
    "a role that trusts a stranger",
    stratus("persistence.iam-create-backdoor-role"),
  ],
  ["iam:CreateGroup", iam("group/backdoor"), "a group with permissions of its own", pmapper("find_risks")],
  [
    "iam:CreateServiceLinkedRole",
    iam("role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
    "a service's role, ready to be made use of",
    pmapper("autoscaling_edges"),
    { "iam:AWSServiceName": "autoscaling.amazonaws.com" },
  ],
  ["iam:UpdateRole", role, "lengthens the sessions of a role"],
  ["iam:UpdateUser", user, "renames a user out of the policies that name it"],
  ["iam:DeleteUser", user, "destroys evidence"],
  ["iam:DeleteRole", role, "destroys evidence and stops a workload"],
  [
    "iam:CreateInstanceProfile",
    iam("instance-profile/backdoor"),
    "a profile to carry a role of choice",
    pmapper("ec2_edges"),
  ],
  ["iam:AddRoleToInstanceProfile", profile, "gives instances another role", pmapper("ec2_edges")],
  ["iam:RemoveRoleFromInstanceProfile", profile, "makes room for another role in a profile"],
  ["iam:CreateOpenIDConnectProvider", iam("oidc-provider/evil.example"), "trusts a stranger's tokens"],
  ["iam:AddClientIDToOpenIDConnectProvider", provider, "accepts tokens made for another application"],
  ["iam:UpdateOpenIDConnectProviderThumbprint", provider, "accepts a stranger's certificate"],
  ["iam:CreateSAMLProvider", iam("saml-provider/evil"), "trusts a stranger's assertions"],
  ["iam:UpdateSAMLProvider", saml, "swaps the metadata, so that a stranger signs assertions"],
  ["iam:DeleteSAMLProvider", saml, "shuts out everybody who signs in"],
  [
    "rolesanywhere:CreateTrustAnchor",
    "*",
    "roles for whoever holds a certificate",
    stratus("persistence.rolesanywhere-create-trust-anchor"),
  ],
  ["rolesanywhere:CreateProfile", "*", "names the roles that certificates give"],
  ["iam:CreateDelegationRequest", iam("delegation-request/d-0123"), "asks a person for permissions"],
  ["iam:AcceptDelegationRequest", iam("delegation-request/d-0123"), "delegates permissions to a partner"],
]);

/** Credentials that work for somebody: none is ever made. */
const credentials = forbid("all", [
  [
    "iam:CreateAccessKey",
    user,
    "a key for somebody else",
    rhino(4, "iam-002", "iam-003", "iam-015", "iam-018"),
  ],
  ["iam:DeleteAccessKey", user, "makes room for a key, and destroys evidence", path("iam-003")],
  ["iam:CreateLoginProfile", user, "a password for somebody else", rhino(5, "iam-004")],
  ["iam:UpdateLoginProfile", user, "sets somebody's password", rhino(6, "iam-006")],
  ["iam:CreateServiceSpecificCredential", user, "a credential that no key rotation ends"],
  ["iam:ResetServiceSpecificCredential", user, "shows a new password of somebody's credential"],
  ["iam:UploadSSHPublicKey", user, "pushes to CodeCommit as somebody"],
  ["iam:UploadSigningCertificate", user, "signs requests as somebody"],
  ["iam:UploadServerCertificate", iam("server-certificate/payments"), "serves under another certificate"],
  ["iam:CreateVirtualMFADevice", iam("mfa/backdoor"), "a second factor, seed included"],
  ["iam:EnableMFADevice", user, "binds a second factor of its own to somebody"],
  ["iam:ResyncMFADevice", user, "a second factor is its owner's"],
  ["iam:UpdateAccountPasswordPolicy", "*", "allows weak passwords"],
  ["iam:DeleteAccountPasswordPolicy", "*", "allows weak passwords"],
  ["iam:SetSecurityTokenServicePreferences", "*", "widens where session tokens are valid"],
  ["iam:EnableOutboundWebIdentityFederation", "*", "lets the account sign tokens for strangers"],
  ["iam:CreateAccountAlias", "*", "the sign-in address of an account is not the kit's"],
]);

/** What only work on credentials does. Their keys stay evidence: nothing here deletes one. */
const othersCredentials = [
  ...forbid(except("credentials"), [
    ["iam:DeleteLoginProfile", user, "taking a password away is work on credentials"],
    ["iam:DeactivateMFADevice", user, "taking a second factor away is work on credentials"],
  ]),
  ...forbid(except("credentials", "auto-credentials"), [
    ["iam:UpdateAccessKey", user, "switching keys is work on credentials, on or off"],
    ["iam:UpdateServiceSpecificCredential", user, "switching credentials is work on credentials"],
    ["iam:UpdateSSHPublicKey", user, "switching credentials is work on credentials"],
    ["iam:UpdateSigningCertificate", user, "switching credentials is work on credentials"],
  ]),
];

/** A quarantine may well be noted on the user. */
const notes = forbid(except("credentials", "recover"), [
  ["iam:TagUser", user, "a tag decides where policies ask for it"],
]);

export const iamForbidden: readonly Forbidden[] = [
  ...permissions,
  ...principals,
  ...credentials,
  ...othersCredentials,
  ...notes,
];
