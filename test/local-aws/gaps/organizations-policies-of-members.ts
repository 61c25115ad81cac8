import { managementKeys } from "../accounts";
import { type Gap, isCall } from "./gap";

/**
 * Calls of a member that the organization's resource policy allows; whether it does, the refusal
 * `organizations-delegated-policies` has decided before.
 */
export const organizationsPoliciesOfMembers: Gap = {
  id: "organizations-policies-of-members",
  kind: "completed",
  resources: ["aws_organizations_policy"],
  because:
    "the emulator looks for a policy in the caller's account, where AWS has one set for the organization",
  concerns: isCall("organizations", "DescribePolicy", "UpdatePolicy"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    return account === context.managementAccount
      ? undefined
      : context.forward({ ...call, accessKeyId: managementKeys.accessKeyId });
  },
};
