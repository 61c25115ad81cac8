import {
  arn,
  ec2,
  except,
  type Forbidden,
  forbid,
  forensics,
  iam,
  instance,
  quarantine,
  s3,
  shared,
} from "./model";

const user = iam("user/ann");
const role = iam("role/payments-api");
const group = ec2("security-group/sg-0123456789abcdef0");
const acl = ec2("network-acl/acl-0123456789abcdef0");
const face = ec2("network-interface/eni-0123456789abcdef0");
const address = ec2("elastic-ip/eipalloc-0123456789abcdef0");
const scaling = arn("autoscaling", "autoScalingGroup:5f1c:autoScalingGroupName/payments-api");
const targets = arn("elasticloadbalancing", "targetgroup/payments/0123456789abcdef");
const lambda = arn("lambda", "function:payments-mail");
const volume = ec2("volume/vol-0fedcba9876543210");
const snapshot = shared("ec2", "snapshot/snap-0fedcba9876543210");

/** Containment, which recovery undoes. */
const containment = forbid(except("contain", "recover"), [
  ["ec2:AuthorizeSecurityGroupIngress", group, "networks are containment's"],
  ["ec2:AuthorizeSecurityGroupEgress", group, "networks are containment's"],
  ["ec2:RevokeSecurityGroupIngress", group, "networks are containment's"],
  ["ec2:RevokeSecurityGroupEgress", group, "networks are containment's"],
  ["ec2:CreateNetworkAclEntry", acl, "networks are containment's"],
  ["ec2:ReplaceNetworkAclEntry", acl, "networks are containment's"],
  ["ec2:DeleteNetworkAclEntry", acl, "networks are containment's"],
  ["ec2:ModifyNetworkInterfaceAttribute", face, "networks are containment's"],
  ["ec2:DisassociateAddress", address, "networks are containment's"],
  ["ec2:AssociateAddress", address, "networks are containment's and recovery's"],
  ["ec2:StopInstances", instance, "stopping loses memory, and is no work of looking"],
  ["ec2:RebootInstances", instance, "rebooting loses memory, and is no work of looking"],
  ["autoscaling:DetachInstances", scaling, "a service's size is containment's"],
  ["autoscaling:EnterStandby", scaling, "a service's size is containment's"],
  ["elasticloadbalancing:DeregisterTargets", targets, "a service's size is containment's"],
  ["lambda:PutFunctionConcurrency", lambda, "stopping a function is containment's"],
  ["lambda:DeleteFunctionConcurrency", lambda, "starting a function again is recovery's"],
  ["s3:PutAccountPublicAccessBlock", "*", "the public's access is containment's"],
  ["s3:PutBucketPublicAccessBlock", s3("payments-website"), "the public's access is containment's"],
]);

/** Evidence. Triage may take a snapshot, and nothing more. */
const evidence = [
  ...forbid(except("evidence", "auto-triage"), [
    ["ec2:CreateSnapshot", volume, "copies a disk"],
    ["ec2:CreateSnapshots", instance, "copies disks"],
  ]),
  ...forbid(except("evidence"), [
    ["ec2:CopySnapshot", snapshot, "copies a disk"],
    [
      "ec2:ModifySnapshotAttribute",
      snapshot,
      "even forensics gets disks by the evidence task alone",
      { "ec2:Add/userId": forensics },
    ],
    ["ec2:CreateImage", instance, "reboots, and copies disks"],
    ["ssm:SendCommand", instance, "commands are evidence's"],
    ["ssm:SendCommand", arn("ssm", "document/acme-ir-acquire-memory"), "commands are evidence's"],
    ["rds:CreateDBSnapshot", arn("rds", "db:payments"), "copies data of customers"],
  ]),
  ...forbid(except("evidence", "investigate"), [
    ["ec2:GetConsoleOutput", instance, "a console may show secrets"],
    ["ec2:GetConsoleScreenshot", instance, "a console may show secrets"],
  ]),
  ...forbid(
    except("evidence", "auto-triage"),
    [["s3:PutObject", s3("acme-ir-evidence-444444444444-eu-west-1/2026-001/x"), "forges evidence"]],
    forensics,
  ),
];

/** Credentials: quarantine is attached by one task; another takes it off again. */
const credentials = [
  ...forbid(except("credentials", "auto-credentials"), [
    ["iam:AttachUserPolicy", user, "quarantine is work on credentials", { "iam:PolicyARN": quarantine }],
    ["iam:AttachRolePolicy", role, "quarantine is work on credentials", { "iam:PolicyARN": quarantine }],
    [
      "iam:PutUserPermissionsBoundary",
      user,
      "quarantine is work on credentials",
      { "iam:PermissionsBoundary": quarantine },
    ],
    [
      "iam:PutRolePermissionsBoundary",
      role,
      "quarantine is work on credentials",
      { "iam:PermissionsBoundary": quarantine },
    ],
  ]),
  ...forbid(except("credentials"), [
    [
      "secretsmanager:RotateSecret",
      arn("secretsmanager", "secret:payments/database-AbCdEf"),
      "stops a workload",
    ],
  ]),
  ...forbid(except("credentials", "recover"), [
    ["iam:DetachUserPolicy", user, "lifts a quarantine", { "iam:PolicyARN": quarantine }],
    ["iam:DetachRolePolicy", role, "lifts a quarantine", { "iam:PolicyARN": quarantine }],
    [
      "iam:DeleteUserPermissionsBoundary",
      user,
      "lifts a quarantine",
      { "iam:PermissionsBoundary": quarantine },
    ],
    [
      "iam:DeleteRolePermissionsBoundary",
      role,
      "lifts a quarantine",
      { "iam:PermissionsBoundary": quarantine },
    ],
  ]),
  ...forbid("all", [
    [
      "iam:DetachUserPolicy",
      iam("user/payments-admin"),
      "a policy that is no quarantine may be a denial",
      { "iam:PolicyARN": iam("policy/deny-outside-office") },
    ],
    [
      "iam:DetachRolePolicy",
      iam("role/payments-admin"),
      "a policy that is no quarantine may be a denial",
      { "iam:PolicyARN": iam("policy/deny-outside-office") },
    ],
  ]),
];

/** Recovery, which comes after. */
const recovery = forbid(except("recover"), [
  ["backup:StartRestoreJob", arn("backup", "recovery-point:5f1c"), "restoring is recovery's"],
  ["rds:RestoreDBInstanceFromDBSnapshot", arn("rds", "snapshot:payments"), "restoring is recovery's"],
  [
    "dynamodb:RestoreTableFromBackup",
    arn("dynamodb", "table/payments/backup/0160"),
    "restoring is recovery's",
  ],
  ["autoscaling:AttachInstances", scaling, "bringing back is recovery's"],
  ["autoscaling:ExitStandby", scaling, "bringing back is recovery's"],
  ["autoscaling:TerminateInstanceInAutoScalingGroup", scaling, "destroys evidence"],
  ["elasticloadbalancing:RegisterTargets", targets, "bringing back is recovery's"],
]);

export const anotherTaskForbidden: readonly Forbidden[] = [
  ...containment,
  ...evidence,
  ...credentials,
  ...recovery,
];
