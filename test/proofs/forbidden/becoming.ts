import {
  administrator,
  arn,
  except,
  type Forbidden,
  forbid,
  forensics,
  hub,
  iam,
  logArchive,
  path,
  prowler,
  quarantine,
  rhino,
  stratus,
  type Task,
} from "./model";

const roleOf = (task: Task, account?: string) => iam(`role/acme-ir/acme-ir-${task}`, account);
const humans = ["investigate", "contain", "evidence", "credentials", "recover"] as const;
const automation = ["auto-logging", "auto-triage"] as const;
const boundary = iam("policy/acme-ir/acme-ir-boundary");
const deploy = (account: string) => iam("role/OrganizationAccountAccessRole", account);

/** Another task's role, in the account and in the hub. */
const otherRoles = [
  ...humans.flatMap((task) =>
    forbid(except(task), [["sts:AssumeRole", roleOf(task), "another task's role", path("sts-001")]]),
  ),
  ...automation.flatMap((task) =>
    forbid(except(task), [["sts:AssumeRole", roleOf(task), "the automation's role", path("sts-001")]]),
  ),
  ...forbid(
    "all",
    [...humans, ...automation].map((task) => [
      "sts:AssumeRole",
      roleOf(task, hub),
      "the way leads from the hub, never back",
      path("sts-001"),
    ]),
  ),
];

/** Roles that may all, and sessions that last. */
const powerfulRoles = forbid("all", [
  ["sts:AssumeRole", deploy("555555555555"), "the administrator of the account", path("sts-001")],
  ["sts:AssumeRole", deploy(hub), "the administrator of the hub", path("sts-001")],
  ["sts:AssumeRole", deploy(logArchive), "the administrator of the logs", path("sts-001")],
  ["sts:AssumeRole", deploy(forensics), "the administrator of evidence", path("sts-001")],
  ["sts:AssumeRole", deploy("666666666666"), "the administrator of another account", path("sts-001")],
  ["sts:AssumeRole", iam("role/payments-admin"), "a role of the account", path("sts-001")],
  [
    "sts:AssumeRole",
    iam("role/stacksets-exec-0123456789abcdef", "666666666666"),
    "the role by which StackSets deploy",
    path("sts-001"),
  ],
  ["sts:AssumeRoot", iam("root"), "acts as the account's root"],
  ["sts:TagSession", roleOf("contain", hub), "tags that policies ask for"],
  ["sts:SetSourceIdentity", roleOf("contain", hub), "another person's name in the record"],
  [
    "sts:GetFederationToken",
    "arn:aws:sts::555555555555:federated-user/backdoor",
    "a session that outlives its key",
    stratus("persistence.sts-federation-token"),
  ],
  ["sts:GetWebIdentityToken", "*", "proves to strangers to be the account"],
]);

/** The kit's own roles, boundary and quarantine. */
const itself = forbid("all", [
  [
    "iam:AttachRolePolicy",
    roleOf("investigate"),
    "widens itself",
    rhino(9),
    { "iam:PolicyARN": administrator },
  ],
  [
    "iam:AttachRolePolicy",
    roleOf("credentials"),
    "widens itself",
    rhino(9),
    { "iam:PolicyARN": administrator },
  ],
  ["iam:PutRolePolicy", roleOf("contain"), "widens itself", rhino(12)],
  ["iam:PutRolePolicy", roleOf("credentials"), "widens itself", rhino(12)],
  ["iam:DeleteRolePolicy", roleOf("evidence"), "takes a task away, or its denials"],
  ["iam:UpdateAssumeRolePolicy", roleOf("recover"), "lets anybody respond", rhino(14)],
  ["iam:UpdateAssumeRolePolicy", roleOf("credentials"), "lets anybody respond", rhino(14)],
  ["iam:UpdateRole", roleOf("contain"), "lengthens its sessions"],
  ["iam:DeleteRole", roleOf("investigate"), "takes a task away"],
  ["iam:TagRole", roleOf("contain"), "tags that policies ask for"],
  ["iam:UntagRole", roleOf("contain"), "tags that policies ask for"],
  [
    "iam:DeleteRolePermissionsBoundary",
    roleOf("credentials"),
    "unbinds itself",
    prowler("AssumeRole+DeleteRolePermissionsBoundary (IAM-023)"),
    { "iam:PermissionsBoundary": boundary },
  ],
  [
    "iam:PutRolePermissionsBoundary",
    roleOf("credentials"),
    "unbinds itself",
    { "iam:PermissionsBoundary": administrator },
  ],
  [
    "iam:PutRolePermissionsBoundary",
    roleOf("recover"),
    "unbinds another task",
    { "iam:PermissionsBoundary": administrator },
  ],
  ["iam:CreatePolicyVersion", boundary, "unbinds every task", rhino(1)],
  ["iam:SetDefaultPolicyVersion", boundary, "unbinds every task", rhino(2)],
  ["iam:DeletePolicy", boundary, "unbinds every task"],
  ["iam:CreatePolicyVersion", quarantine, "a quarantine that grants", rhino(1)],
  ["iam:SetDefaultPolicyVersion", quarantine, "a quarantine that grants", rhino(2)],
  ["iam:DeletePolicy", quarantine, "nothing left to contain with"],
  [
    "iam:AttachRolePolicy",
    iam("role/acme-ir/acme-ir-quarantine"),
    "isolated instances get permissions",
    rhino(9),
    { "iam:PolicyARN": administrator },
  ],
  [
    "iam:UpdateAssumeRolePolicy",
    iam("role/acme-ir/acme-ir-quarantine"),
    "anybody may assume the quarantine",
    rhino(14),
  ],
  [
    "iam:AddRoleToInstanceProfile",
    iam("instance-profile/acme-ir/acme-ir-quarantine"),
    "isolated instances get permissions",
  ],
  ["iam:DeleteRole", iam("role/OrganizationAccountAccessRole"), "locks management out"],
]);

/** The hub, where the tasks' roles come from. */
const theHub = forbid("all", [
  ["iam:UpdateAssumeRolePolicy", roleOf("contain", hub), "lets anybody respond everywhere", rhino(14)],
  ["iam:PutRolePolicy", roleOf("credentials", hub), "responds without bounds, everywhere", rhino(12)],
  [
    "lambda:UpdateFunctionCode",
    arn("lambda", "function:acme-ir-triage", hub),
    "runs code in the automation's role",
    rhino(18),
  ],
  [
    "states:UpdateStateMachine",
    arn("states", "stateMachine:acme-ir-triage", hub),
    "calls in the automation's role",
  ],
]);

export const becomingForbidden: readonly Forbidden[] = [
  ...otherRoles,
  ...powerfulRoles,
  ...itself,
  ...theHub,
];
