import { roleArn, rootArn } from "../landscape/arns";
import { taskPolicyDescriptions } from "../landscape/fixed-texts";
import type { Landscape } from "../landscape/model";
import { iamPath, organizationId, roleName } from "../landscape/names";
import { caseTag, taskNames } from "../landscape/tasks";
import { type PolicyDocument, policyDocument, type Statement } from "../policies/document";
import { forensicsPermissions } from "../policies/tasks";
import { type Permission, permissionsPolicy, type Task } from "../policies/tasks/task";
import {
  accountReference,
  hubReference,
  inForensics,
  outsideHub,
  ref,
  substituted,
  type TemplateResource,
} from "./template";

/** A role into which the hub's role of the same task enters, and its permissions, which are its boundary too. */
export function spoke(landscape: Landscape, task: Task): Record<string, TemplateResource> {
  const place = { landscape, account: accountReference };
  const policy = `${logicalName(task)}Permissions`;
  const apart = forensicsPermissions(place, task);
  const elsewhere = policyOf(task.inMember(place));
  return {
    [policy]: {
      Type: "AWS::IAM::ManagedPolicy",
      Condition: outsideHub,
      Properties: {
        ManagedPolicyName: roleName(landscape, task.name),
        Path: iamPath(landscape),
        Description: taskPolicyDescriptions[task.name],
        PolicyDocument: apart ? { "Fn::If": [inForensics, policyOf(apart), elsewhere] } : elsewhere,
      },
    },
    [`${logicalName(task)}Role`]: {
      Type: "AWS::IAM::Role",
      Condition: outsideHub,
      Properties: {
        RoleName: roleName(landscape, task.name),
        Path: iamPath(landscape),
        Description: task.description,
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: substituted(trustInHub(landscape, task)),
        ManagedPolicyArns: [ref(policy)],
        PermissionsBoundary: ref(policy),
      },
    },
  };
}

const policyOf = (permissions: readonly Permission[]): unknown => substituted(permissionsPolicy(permissions));

const logicalName = ({ name }: Task) =>
  name
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");

/**
 * The hub's account is the principal, its role a condition: a role's ARN as principal would turn into a unique id,
 * and recreating the role would break the trust silently (ADR 0005).
 *
 * A human's session must carry the name that the door has verified, and the case; both come from the hub's session.
 */
function trustInHub(landscape: Landscape, task: Task): PolicyDocument {
  const human = (taskNames as readonly string[]).includes(task.name);
  const hub: Pick<Statement, "Effect" | "Principal"> = {
    Effect: "Allow",
    Principal: { AWS: [rootArn(landscape, hubReference)] },
  };
  const fromHub = {
    ArnEquals: {
      "aws:PrincipalArn": roleArn(landscape, task.name, hubReference),
    },
    StringEquals: { "aws:PrincipalOrgID": organizationId(landscape) },
  };
  if (!human) {
    return policyDocument([{ Sid: "HubAutomation", ...hub, Action: ["sts:AssumeRole"], Condition: fromHub }]);
  }
  return policyDocument([
    {
      Sid: "HubResponders",
      ...hub,
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
      Condition: {
        ...fromHub,
        StringLike: { "sts:SourceIdentity": "?*", [`aws:PrincipalTag/${caseTag}`]: "?*" },
      },
    },
    // AWS's service reference knows no source identity for TagSession: a condition on it would never match.
    { Sid: "CarryCase", ...hub, Action: ["sts:TagSession"], Condition: fromHub },
  ]);
}
