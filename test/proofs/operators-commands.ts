import { deployer, type PrintedCommand } from "./printed-command";
import { management, member } from "./setting";

const onStackSets = (...verbs: readonly string[]): PrintedCommand["requests"] =>
  verbs.map((verb) => ({
    ...deployer(management),
    action: `cloudformation:${verb}`,
    resource: `arn:aws:cloudformation:eu-west-1:${management}:stackset/acme-ir-baseline-recorder:one`,
  }));

const inMember = (action: string, resource: string, context?: Readonly<Record<string, string>>) => ({
  ...deployer(member),
  action,
  resource,
  ...(context && { context }),
});

const group = `arn:aws:ec2:eu-west-1:${member}:security-group/sg-0123456789abcdef0`;

/** Commands by which operators and owners of accounts look after what stands, and settle what is assumed. */
export const operatorsCommands: readonly PrintedCommand[] = [
  {
    command: "cloudformation list-stack-instances",
    who: "an administrator of the management account",
    requests: onStackSets("ListStackInstances"),
  },
  {
    command: "cloudformation create-stack-instances",
    who: "an administrator of the management account",
    requests: onStackSets("CreateStackInstances"),
  },
  {
    command: "cloudformation delete-stack-instances",
    who: "an administrator of the management account",
    requests: onStackSets("DeleteStackInstances"),
  },
  {
    command: "cloudformation delete-stack-set",
    who: "an administrator of the management account",
    requests: onStackSets("DeleteStackSet"),
  },
  {
    command: "account enable-region",
    who: "an administrator of the management account, for itself and for members",
    requests: [
      {
        ...deployer(management),
        action: "account:EnableRegion",
        resource: `arn:aws:account::${management}:account`,
      },
      {
        ...deployer(management),
        action: "account:EnableRegion",
        resource: `arn:aws:account::${management}:account/o-a1b2c3d4e5/${member}`,
      },
    ],
  },
  {
    command: "ec2 describe-security-groups",
    who: "whoever owns the VPC",
    requests: [inMember("ec2:DescribeSecurityGroups", "*")],
  },
  {
    command: "ec2 delete-security-group",
    who: "whoever owns the VPC",
    requests: [
      inMember("ec2:DeleteSecurityGroup", group, {
        "aws:ResourceTag/ir:isolation": "empty",
        "aws:ResourceTag/managed-by": "aws-ir-kit",
      }),
    ],
  },
  {
    command: "ec2 create-security-group",
    who: "an administrator of a sandbox, to settle an assumption",
    requests: [
      inMember("ec2:CreateSecurityGroup", group),
      inMember("ec2:CreateSecurityGroup", `arn:aws:ec2:eu-west-1:${member}:vpc/vpc-0123456789abcdef0`),
    ],
  },
  {
    command: "events put-rule",
    who: "an administrator of a sandbox, to settle an assumption",
    requests: [inMember("events:PutRule", `arn:aws:events:eu-west-1:${member}:rule/sandbox`)],
  },
  {
    command: "guardduty create-sample-findings",
    who: "an administrator of a sandbox, to settle an assumption",
    requests: [inMember("guardduty:CreateSampleFindings", "*")],
  },
  {
    command: "guardduty get-findings",
    who: "an administrator of a sandbox, to settle an assumption",
    requests: [inMember("guardduty:GetFindings", "*")],
  },
];
