import { arn, type Forbidden, forbid, management, organizations, prowler, stratus } from "./model";

const scp = organizations("policy/o-a1b2c3d4e5/service_control_policy/p-0abc1234");
const root = organizations("root/o-a1b2c3d4e5/r-ab12");
const account = organizations("account/o-a1b2c3d4e5/555555555555");

/** Guardrails and the organization. */
const guardrails = forbid("all", [
  [
    "organizations:LeaveOrganization",
    "*",
    "leaves all guardrails",
    stratus("defense-evasion.organizations-leave"),
  ],
  [
    "organizations:DetachPolicy",
    scp,
    "takes a guardrail off",
    { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" },
  ],
  [
    "organizations:AttachPolicy",
    scp,
    "shuts accounts off",
    { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" },
  ],
  ["organizations:UpdatePolicy", scp, "rewrites a guardrail"],
  ["organizations:DeletePolicy", scp, "removes a guardrail"],
  ["organizations:DisablePolicyType", root, "switches all guardrails off"],
  ["organizations:MoveAccount", account, "puts an account under other guardrails"],
  ["organizations:RemoveAccountFromOrganization", account, "puts an account beyond all guardrails"],
  ["organizations:CloseAccount", account, "destroys an account"],
  [
    "organizations:RegisterDelegatedAdministrator",
    account,
    "makes an account administrator of a service",
    { "organizations:ServicePrincipal": "guardduty.amazonaws.com" },
  ],
  [
    "organizations:DeregisterDelegatedAdministrator",
    organizations("account/o-a1b2c3d4e5/222222222222"),
    "unseats the hub",
  ],
]);

/** Requests that name no resource, and that only management's own principals can make. */
const organization = forbid(
  "all",
  [
    ["organizations:CreateAccount", "*", "an account nobody watches"],
    [
      "organizations:EnableAWSServiceAccess",
      "*",
      "lets a service into every account",
      { "organizations:ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com" },
    ],
    [
      "organizations:DisableAWSServiceAccess",
      "*",
      "takes a service out of every account",
      { "organizations:ServicePrincipal": "cloudtrail.amazonaws.com" },
    ],
    ["organizations:DeleteOrganization", "*", "removes all guardrails"],
    ["organizations:DeleteResourcePolicy", "*", "takes the hub's delegation away"],
    ["iam:DisableOrganizationsRootCredentialsManagement", "*", "members' roots get credentials again"],
    ["iam:EnableOrganizationsRootSessions", "*", "root of every member"],
    ["cloudtrail:DeregisterOrganizationDelegatedAdmin", "*", "unseats the hub"],
    ["ram:EnableSharingWithAwsOrganization", "*", "shares with every account"],
    [
      "sso:CreatePermissionSet",
      "arn:aws:sso:::permissionSet/ssoins-0abc/ps-0new",
      "permissions in every account",
      prowler("SSO-001"),
    ],
    [
      "sso:CreateAccountAssignment",
      "arn:aws:sso:::permissionSet/ssoins-0abc/ps-0abc",
      "gives somebody an account",
      prowler("SSO-001"),
    ],
    [
      "sso:AttachManagedPolicyToPermissionSet",
      "arn:aws:sso:::permissionSet/ssoins-0abc/ps-0abc",
      "widens everybody's permissions",
      prowler("SSO-001, SSO-002"),
    ],
    [
      "sso:PutInlinePolicyToPermissionSet",
      "arn:aws:sso:::permissionSet/ssoins-0abc/ps-0abc",
      "widens everybody's permissions",
      prowler("SSO-003"),
    ],
    [
      "identitystore:CreateGroupMembership",
      "arn:aws:identitystore:::group/0abc",
      "makes anybody a responder",
    ],
    ["sso-directory:UpdatePassword", "*", "signs in as anybody"],
  ],
  management,
);

/** The account itself. */
const accounts = forbid("all", [
  ["account:PutAlternateContact", "arn:aws:account::555555555555:account", "AWS warns a stranger"],
  ["account:DeleteAlternateContact", "arn:aws:account::555555555555:account", "AWS warns nobody"],
  ["account:EnableRegion", "arn:aws:account::555555555555:account", "opens a region that nobody watches"],
  ["account:DisableRegion", "arn:aws:account::555555555555:account", "destroys what runs in a region"],
  ["account:CloseAccount", "arn:aws:account::555555555555:account", "destroys the account"],
  [
    "account:StartPrimaryEmailUpdate",
    "arn:aws:account::111111111111:account/o-a1b2c3d4e5/555555555555",
    "takes root over by e-mail",
  ],
  [
    "controltower:DisableControl",
    arn("controltower", "enabledcontrol/0ABC", management),
    "takes a guardrail off",
  ],
  [
    "controltower:DeleteLandingZone",
    arn("controltower", "landingzone/0ABC", management),
    "removes all guardrails",
  ],
]);

export const organizationForbidden: readonly Forbidden[] = [...guardrails, ...organization, ...accounts];
