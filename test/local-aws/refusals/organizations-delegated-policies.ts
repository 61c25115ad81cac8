import { simulate } from "../../../cli/access/simulate";
import { organizationState } from "../organization-state";
import { organizationId, parsePolicy } from "../principals";
import { standingOf } from "../standing";
import { type Refusal, refused } from "./refusal";

export const organizationsDelegatedPolicies: Refusal = {
  id: "organizations-delegated-policies",
  because:
    "a member reads and writes policies of the organization only where its resource policy delegates that",
  source: 'AWS Organizations user guide, "Delegated administrator for AWS Organizations"',
  inspect: async (call, context) => {
    if (call.service !== "organizations" || !/^(Describe|Update|Delete)Policy$/.test(call.operation)) {
      return undefined;
    }
    const caller = await context.callers.of(call);
    if (caller.account === context.managementAccount) return undefined;
    const resource =
      `arn:aws:organizations::${context.managementAccount}:policy/${await organizationId(context)}` +
      `/service_control_policy/${String(call.parameters.PolicyId)}`;
    const { verdict } = await simulate({
      principal: caller.principalArn,
      action: `organizations:${call.operation}`,
      resource,
      account: context.managementAccount,
      context: {
        "aws:PrincipalArn": caller.principalArn,
        "organizations:PolicyType": "SERVICE_CONTROL_POLICY",
      },
      resourcePolicy: parsePolicy(organizationState(context).resourcePolicy ?? "") ?? {
        Version: "2012-10-17",
        Statement: [],
      },
      ...(await standingOf(caller, context)),
    });
    return verdict === "allowed"
      ? undefined
      : refused(400, "AccessDeniedException", "You don't have permissions to access this resource.");
  },
};
