import { operatorsCommands } from "./operators-commands";
import { deployer, type PrintedCommand } from "./printed-command";
import { forensics, hub, kitRole, leftToAccount, management, member, openToAll } from "./setting";

const user = `arn:aws:iam::${member}:user/ann`;
const role = `arn:aws:iam::${member}:role/app`;
const quarantine = `arn:aws:iam::${member}:policy/acme-ir/acme-ir-quarantine-deny-all`;
const evidence = `arn:aws:s3:::acme-ir-evidence-${forensics}-eu-west-1`;
const cases = `arn:aws:dynamodb:eu-west-1:${hub}:table/acme-ir-cases`;
const emergency = "arn:aws:iam::444444444444:user/acme-ir/emergency-1";

export const printedCommands: readonly PrintedCommand[] = [
  ...operatorsCommands,
  {
    command: "sts assume-role",
    who: "an emergency user, into the hub's role and from there into the account",
    requests: [
      {
        principal: emergency,
        action: "sts:AssumeRole",
        resource: kitRole("contain", hub),
        account: hub,
        context: {
          "aws:MultiFactorAuthPresent": "true",
          "aws:MultiFactorAuthAge": "9",
          "aws:RequestTag/ir:case": "CASE-1",
          "aws:TagKeys": ["ir:case"],
          "sts:TransitiveTagKeys": ["ir:case"],
          "sts:SourceIdentity": "emergency-1",
        },
      },
      {
        principal: kitRole("contain", hub),
        action: "sts:AssumeRole",
        resource: kitRole("contain"),
        account: member,
        context: { "sts:SourceIdentity": "emergency-1" },
      },
    ],
  },
  {
    command: "iam attach-user-policy",
    who: "credentials, in the account",
    requests: [
      {
        principal: kitRole("credentials"),
        action: "iam:AttachUserPolicy",
        resource: user,
        context: { "iam:PolicyARN": quarantine },
      },
    ],
  },
  {
    command: "iam update-access-key",
    who: "credentials, in the account",
    requests: [{ principal: kitRole("credentials"), action: "iam:UpdateAccessKey", resource: user }],
  },
  {
    command: "iam attach-role-policy",
    who: "credentials, in the account",
    requests: [
      {
        principal: kitRole("credentials"),
        action: "iam:AttachRolePolicy",
        resource: role,
        context: { "iam:PolicyARN": quarantine },
      },
    ],
  },
  {
    command: "iam put-role-permissions-boundary",
    who: "credentials, in the account",
    requests: [
      {
        principal: kitRole("credentials"),
        action: "iam:PutRolePermissionsBoundary",
        resource: role,
        context: { "iam:PermissionsBoundary": quarantine },
      },
    ],
  },
  {
    command: "s3api put-public-access-block",
    who: "contain, in the account",
    requests: [
      {
        principal: kitRole("contain"),
        action: "s3:PutBucketPublicAccessBlock",
        resource: "arn:aws:s3:::payments-website",
        context: { "s3:ResourceAccount": member },
      },
    ],
  },
  {
    command: "cloudtrail lookup-events",
    who: "investigate, in the account",
    requests: [{ principal: kitRole("investigate"), action: "cloudtrail:LookupEvents", resource: "*" }],
  },
  {
    command: "dynamodb put-item",
    who: "contain, evidence or recover, in the hub",
    requests: (["contain", "evidence", "recover"] as const).map((task) => ({
      principal: kitRole(task, hub),
      action: "dynamodb:PutItem",
      resource: cases,
      context: { "dynamodb:LeadingKeys": ["tags:CASE-1"], "aws:PrincipalTag/ir:case": "CASE-1" },
    })),
  },
  {
    command: "lambda invoke",
    who: "contain, evidence or recover, in the hub",
    requests: (["contain", "evidence", "recover"] as const).map((task) => ({
      principal: kitRole(task, hub),
      action: "lambda:InvokeFunction",
      resource: `arn:aws:lambda:eu-west-1:${hub}:function:acme-ir-tags`,
    })),
  },
  {
    command: "dynamodb query",
    who: "the deployer of the hub",
    requests: [{ ...deployer(hub), action: "dynamodb:Query", resource: cases }],
  },
  {
    command: "stepfunctions start-execution",
    who: "the deployer of the hub",
    requests: [
      {
        ...deployer(hub),
        action: "states:StartExecution",
        resource: `arn:aws:states:eu-west-1:${hub}:stateMachine:acme-ir-contain-principal`,
      },
    ],
  },
  {
    command: "s3 sync",
    who: "investigate in the hub, of the trail; evidence in the forensics account, of the evidence",
    requests: [
      {
        principal: kitRole("investigate", hub),
        action: "s3:GetObject",
        resource: "arn:aws:s3:::acme-ir-cloudtrail-333333333333-eu-west-1/AWSLogs/one.json",
        account: "333333333333",
        resourcePolicy: openToAll,
      },
      {
        principal: kitRole("evidence", forensics),
        action: "s3:GetObject",
        resource: `${evidence}/evidence/CASE-1/one`,
      },
    ],
  },
  {
    command: "kms get-public-key",
    who: "evidence, in the forensics account",
    requests: [
      {
        principal: kitRole("evidence", forensics),
        action: "kms:GetPublicKey",
        resource: `arn:aws:kms:eu-west-1:${forensics}:key/0`,
        context: { "kms:ResourceAliases": ["alias/acme-ir/custody-signing"] },
        resourcePolicy: leftToAccount(forensics),
      },
    ],
  },
  {
    command: "s3api delete-object",
    who: "the deployer of the forensics account",
    requests: [
      {
        ...deployer(forensics),
        action: "s3:DeleteObjectVersion",
        resource: `${evidence}/evidence/CASE-1/one`,
      },
    ],
  },
  {
    command: "s3api put-object-retention",
    who: "the deployer of the forensics account",
    requests: [
      {
        ...deployer(forensics),
        action: "s3:PutObjectRetention",
        resource: `${evidence}/evidence/CASE-1/one`,
      },
    ],
  },
  {
    command: "ssm start-session",
    who: "evidence, in the forensics account",
    requests: [
      {
        principal: kitRole("evidence", forensics),
        action: "ssm:StartSession",
        resource: `arn:aws:ec2:eu-west-1:${forensics}:instance/i-0123456789abcdef0`,
        context: {
          "aws:ResourceTag/ir:kit": "true",
          "aws:ResourceTag/ir:case": "CASE-1",
          "ssm:SessionDocumentAccessCheck": "true",
        },
      },
      {
        principal: kitRole("evidence", forensics),
        action: "ssm:StartSession",
        resource: `arn:aws:ssm:eu-west-1:${forensics}:document/acme-ir-session`,
        context: { "ssm:SessionDocumentAccessCheck": "true" },
      },
    ],
  },
  {
    command: "sts assume-root",
    who: "an administrator of the management account",
    requests: [
      {
        ...deployer(management),
        action: "sts:AssumeRoot",
        resource: `arn:aws:iam::${member}:root`,
        account: member,
        resourcePolicy: openToAll,
      },
    ],
  },
];
