import { kitIamArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { iamPath, namePrefix, roleName } from "../landscape/names";
import { taskNames } from "../landscape/tasks";
import { sweepEventSource } from "../runtime/sweep/needs";

/** Something that somebody must be told of at once, as an EventBridge pattern. */
export interface AlarmPattern {
  /** Part of names. */
  readonly id: string;
  readonly because: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  /** `ENABLED` leaves out calls whose names begin with Describe, Get or List; the other lets them through. */
  readonly state: "ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
}

const trail = "AWS API Call via CloudTrail";

/**
 * What raises an alarm, in whichever account and region AWS emits it: STS where the endpoint is, sign-ins where the
 * user signs in, IAM and Organizations in the partition's global-event region.
 *
 * The detail type of sign-ins is spelled in two ways in AWS's own pages; both are matched. Source: "AWS service events delivered via CloudTrail"
 * (Amazon EventBridge user guide).
 */
export function alarmPatterns(landscape: Landscape): AlarmPattern[] {
  const prefix = namePrefix(landscape);
  // Not the automation's: they are used all day, by roles that nobody can pass or assume.
  // Suffixes, since wildcards make a rule complex, and EventBridge refuses one that is too complex.
  const respondersRoles = taskNames.map((task) => ({
    suffix: `:role${iamPath(landscape)}${roleName(landscape, task)}`,
  }));
  return [
    {
      id: "RoleUse",
      because: "A responder's role is taken up, in the hub or in an account, or somebody was denied it",
      state: "ENABLED",
      pattern: {
        source: ["aws.sts"],
        "detail-type": [trail],
        detail: {
          eventName: ["AssumeRole", "AssumeRoleWithSAML"],
          // A call that was denied tells its parameters in the message only.
          $or: [
            { requestParameters: { roleArn: respondersRoles } },
            { errorMessage: [{ wildcard: `*:role${iamPath(landscape)}*` }] },
          ],
        },
      },
    },
    {
      id: "SignIn",
      because: "An emergency user, or root, signs in or fails to",
      state: "ENABLED",
      pattern: {
        source: ["aws.signin"],
        "detail-type": ["AWS Console Sign In via CloudTrail", "AWS Console Signin via CloudTrail"],
        detail: {
          $or: [
            { userIdentity: { arn: [{ wildcard: kitIamArn(landscape, "user", "*") }] } },
            { userIdentity: { userName: named(landscape) } },
            { userIdentity: { type: ["Root"] } },
          ],
        },
      },
    },
    {
      id: "UserCall",
      because: "A responder's own user, emergency users above all, calls AWS with keys",
      state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      pattern: {
        source: [{ prefix: "aws." }],
        "detail-type": [trail],
        detail: { userIdentity: { arn: [{ wildcard: kitIamArn(landscape, "user", "*") }] } },
      },
    },
    {
      id: "IdentityChange",
      because: "A role, user, policy or profile of the kit is changed, or somebody tried to",
      state: "ENABLED",
      pattern: {
        source: ["aws.iam"],
        "detail-type": [trail],
        detail: {
          $or: [
            { requestParameters: { roleName: [{ prefix }] } },
            { requestParameters: { userName: named(landscape) } },
            { requestParameters: { policyArn: [{ wildcard: kitIamArn(landscape, "policy", "*") }] } },
            { requestParameters: { path: [iamPath(landscape)] } },
            { requestParameters: { instanceProfileName: [{ prefix }] } },
            { requestParameters: { sAMLProviderArn: [{ wildcard: `*:saml-provider/${prefix}*` }] } },
          ],
        },
      },
    },
    {
      id: "Guardrail",
      because: "A policy of the organization is changed, detached or switched off, or an account leaves",
      state: "ENABLED",
      pattern: {
        source: ["aws.organizations"],
        "detail-type": [trail],
        detail: {
          eventName: [
            "AttachPolicy",
            "CreatePolicy",
            "DeletePolicy",
            "DeleteResourcePolicy",
            "DetachPolicy",
            "DisablePolicyType",
            "LeaveOrganization",
            "MoveAccount",
            "PutResourcePolicy",
            "RemoveAccountFromOrganization",
            "UpdatePolicy",
          ],
        },
      },
    },
  ];
}

/** The sweep's own words about sources that fall silent, or recover. */
export const sweepEvents = { source: [sweepEventSource] } as const;

/** Names of the users that the doors know. */
function named({ access }: Landscape): string[] {
  const users = (access?.doors ?? []).flatMap((door) =>
    door.type === "iam-users" || door.type === "emergency-users" ? door.users : [],
  );
  return users.length === 0 ? ["-"] : users.map(({ name }) => name).sort();
}
