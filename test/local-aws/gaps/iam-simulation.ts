import { simulate } from "../../../cli/access/simulate";
import { organizationId } from "../principals";
import { queryAnswer, text } from "../protocol";
import { standingOf } from "../standing";
import { type Gap, isCall } from "./gap";

/** One resource of its kind, where an action has resources: a decision about a pattern is none. */
const exampleResource = (action: string, account: string): string => {
  if (action.startsWith("s3:")) return "arn:aws:s3:::any-bucket/any-object";
  if (action === "sts:AssumeRole") return `arn:aws:iam::${account}:role/any`;
  if (action === "iam:ListUsers") return "*";
  if (action.startsWith("iam:")) return `arn:aws:iam::${account}:user/any`;
  if (action.startsWith("ec2:")) return `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`;
  return "*";
};

const decisions = { allowed: "allowed", denied: "explicitDeny", unmatched: "implicitDeny" } as const;

export const iamSimulation: Gap = {
  id: "iam-simulation",
  kind: "answered",
  resources: ["iam:SimulatePrincipalPolicy"],
  because: "the emulator has no policy simulator; the front asks the one that it authorizes with",
  concerns: isCall("iam", "SimulatePrincipalPolicy"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const principalArn = text(call.parameters.PolicySourceArn) ?? "";
    const session = { roleArn: principalArn, tags: {}, transitiveTags: [] };
    const subject = {
      account,
      principalArn,
      callerArn: principalArn,
      ...(principalArn.includes(":role/") && { session }),
    };
    const standing = await standingOf(subject, context);
    const actions = Object.entries(call.parameters)
      .filter(([name]) => name.startsWith("ActionNames.member."))
      .map(([, action]) => String(action));
    const results = await Promise.all(
      actions.map(async (action) => {
        const { verdict } = await simulate({
          principal: principalArn,
          action,
          resource: exampleResource(action, account),
          account,
          context: {
            "aws:PrincipalArn": principalArn,
            "aws:PrincipalAccount": account,
            "aws:PrincipalOrgID": await organizationId(context),
            "aws:RequestedRegion": "eu-west-1",
          },
          ...standing,
        });
        const decision = verdict === "cannot-tell" ? "implicitDeny" : decisions[verdict];
        return `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>${decision}</EvalDecision></member>`;
      }),
    );
    return queryAnswer(
      call,
      `<EvaluationResults>${results.join("")}</EvaluationResults><IsTruncated>false</IsTruncated>`,
    );
  },
};
