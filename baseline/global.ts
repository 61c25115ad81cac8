import type { Landscape } from "../landscape/model";
import { iamPath, organizationId, quarantinePolicyName, roleName } from "../landscape/names";
import { policyDocument } from "../policies/document";
import { hubAccountParameter, hubParameter, ref, sub, type Template } from "./template";

/**
 * What every account gets once, whatever its regions: IAM.
 *
 * Quarantine is staged before an incident, so that a responder attaches what exists and never writes a policy: the
 * deny-all policy for principals, the deny-all role and its profile for instances.
 */
export function globalBaseline(landscape: Landscape): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "aws-ir-kit baseline, global: quarantine policy and profile, inventory role",
    Parameters: hubAccountParameter,
    Conditions: {
      [outsideHub]: { "Fn::Not": [{ "Fn::Equals": [ref("AWS::AccountId"), ref(hubParameter)] }] },
    },
    Resources: {
      QuarantinePolicy: quarantinePolicy(landscape),
      QuarantineRole: quarantineRole(landscape),
      QuarantineProfile: quarantineProfile(landscape),
      InventoryRole: inventoryRole(landscape),
    },
  };
}

const quarantinePolicy = (landscape: Landscape) => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    ManagedPolicyName: quarantinePolicyName(landscape),
    Path: iamPath(landscape),
    Description: "Denies everything. Attached to a principal under suspicion; grants nothing.",
    // Unconditional: aws:TokenIssueTime does not exist on long-term keys, so a deny by time leaves them working.
    PolicyDocument: policyDocument([{ Sid: "Quarantine", Effect: "Deny", Action: ["*"], Resource: ["*"] }]),
  },
});

const quarantineRole = (landscape: Landscape) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    RoleName: roleName(landscape, "quarantine"),
    Path: iamPath(landscape),
    Description: "Profile of an isolated instance: it may do nothing.",
    AssumeRolePolicyDocument: policyDocument([
      {
        Sid: "Instances",
        Effect: "Allow",
        Principal: { Service: ["ec2.amazonaws.com"] },
        Action: ["sts:AssumeRole"],
      },
    ]),
    ManagedPolicyArns: [ref("QuarantinePolicy")],
  },
});

const quarantineProfile = (landscape: Landscape) => ({
  Type: "AWS::IAM::InstanceProfile",
  Properties: {
    InstanceProfileName: roleName(landscape, "quarantine"),
    Path: iamPath(landscape),
    Roles: [ref("QuarantineRole")],
  },
});

/** In the hub's own account the roles of these names are the hub's: a spoke there would trust itself. */
const outsideHub = "OutsideHub";

/**
 * Automation's eyes in an account: it lists what must be logged and whether the baseline stands.
 *
 * The hub's account is the principal, its role a condition: a role's ARN as principal would turn into a unique id,
 * and recreating the role would break the trust silently (ADR 0005).
 */
const inventoryRole = (landscape: Landscape) => ({
  Type: "AWS::IAM::Role",
  Condition: outsideHub,
  Properties: {
    RoleName: roleName(landscape, "auto-inventory"),
    Path: iamPath(landscape),
    Description:
      "Lists what must be logged and whether the baseline stands. Assumed by the hub's automation only.",
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "HubAutomation",
          Effect: "Allow",
          Principal: { AWS: sub(`arn:\${AWS::Partition}:iam::\${${hubParameter}}:root`) },
          Action: "sts:AssumeRole",
          Condition: {
            ArnEquals: { "aws:PrincipalArn": hubRoleArn(landscape) },
            StringEquals: { "aws:PrincipalOrgID": organizationId(landscape) },
          },
        },
      ],
    },
    Policies: [{ PolicyName: "inventory", PolicyDocument: policyDocument([inventoryPermissions]) }],
  },
});

const hubRoleArn = (landscape: Landscape) =>
  sub(
    `arn:\${AWS::Partition}:iam::\${${hubParameter}}:role${iamPath(landscape)}${roleName(landscape, "auto-inventory")}`,
  );

/** None of these actions supports a resource, so `*` is the only one AWS accepts. */
const inventoryPermissions = {
  Sid: "ListWhatMustBeLogged",
  Effect: "Allow",
  Action: [
    "ec2:DescribeFlowLogs",
    "ec2:DescribeRegions",
    "ec2:DescribeVpcs",
    "route53resolver:ListResolverQueryLogConfigAssociations",
    "ssm:DescribeParameters",
  ],
  Resource: ["*"],
} as const;
