import { type Question, simulate } from "../../../cli/access/simulate";
import type { Caller } from "../accounts";
import type { FrontContext } from "../front";
import { organizationId } from "../principals";
import type { AwsCall } from "../protocol";
import type { Standing } from "../standing";
import type { IamRequest } from "./request";

/** A call, and by what it is judged. */
export interface Judged {
  readonly call: AwsCall;
  readonly caller: Caller;
  readonly standing: Standing;
  readonly context: FrontContext;
}

/** What AWS would decide; `unknown` where the simulator can't tell. */
export async function verdictOf(
  { action, resource, context: conditions, resourcePolicy, owner }: IamRequest,
  { call, caller, standing, context }: Judged,
): Promise<"allowed" | "refused" | "unknown"> {
  const asked: Question = {
    principal: caller.principalArn,
    action,
    resource,
    account: owner ?? caller.account,
    context: {
      ...(await sessionContext(caller, context)),
      "aws:RequestedRegion": call.region,
      ...conditions,
    },
  };
  const verdict = await answer({
    ...asked,
    ...standing,
    ...(resourcePolicy !== undefined && { resourcePolicy }),
  });
  const policy = caller.session?.policy;
  if (verdict !== "allowed" || policy === undefined) return verdict;
  // A session may do what its role may and its own policy too. Source: "Session policies" (IAM user guide).
  return answer({
    ...asked,
    identityPolicies: [policy],
    ...(resourcePolicy !== undefined && { resourcePolicy }),
  });
}

async function answer(question: Question): Promise<"allowed" | "refused" | "unknown"> {
  try {
    const { verdict } = await simulate(question);
    return verdict === "allowed" ? "allowed" : verdict === "cannot-tell" ? "unknown" : "refused";
  } catch (error) {
    if (/^the simulator refuses /.test((error as Error).message)) return "unknown";
    throw error;
  }
}

export const sessionContext = async ({ principalArn, account, session }: Caller, context: FrontContext) => ({
  "aws:PrincipalArn": principalArn,
  "aws:PrincipalAccount": account,
  "aws:PrincipalOrgID": await organizationId(context),
  "aws:PrincipalIsAWSService": "false",
  ...(session?.userId !== undefined && { "aws:userid": session.userId }),
  ...(session?.issued !== undefined && { "aws:TokenIssueTime": session.issued }),
  ...(session?.sourceIdentity !== undefined && { "aws:SourceIdentity": session.sourceIdentity }),
  ...Object.fromEntries(
    Object.entries(session?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
  ),
});
