import { kitIamArn } from "../../landscape/arns";
import type { IamUser, Landscape } from "../../landscape/model";
import type { TaskName } from "../../landscape/tasks";
import { type Entrance, mfaAge } from "./door";

/** What doors of IAM users have in common: MFA in the very call, and the user's name as source identity. */
export const usersEntrance = (
  landscape: Landscape,
  kind: string,
  account: string,
  users: readonly IamUser[],
  task: TaskName,
): Entrance => ({
  kind,
  account,
  principals: users
    .filter(({ tasks, retired }) => !retired && tasks.includes(task))
    .map(({ name }) => kitIamArn(landscape, "user", account, name)),
  verified: {
    StringEquals: { "sts:SourceIdentity": "${aws:username}" },
    // Bool, not BoolIfExists: a session without the key has no MFA.
    Bool: { "aws:MultiFactorAuthPresent": "true" },
    NumericLessThan: { "aws:MultiFactorAuthAge": String(mfaAge) },
  },
});
