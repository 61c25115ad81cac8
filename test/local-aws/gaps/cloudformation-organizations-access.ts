import { now, organizationState } from "../organization-state";
import { queryAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const stackSetsPrincipal = "member.org.stacksets.cloudformation.amazonaws.com";

export const cloudformationOrganizationsAccess: Gap = {
  id: "cloudformation-organizations-access",
  kind: "answered",
  resources: ["aws_cloudformation_stack_set"],
  because: "the emulator has no activation of StackSets for the organization",
  concerns: isCall(
    "cloudformation",
    "ActivateOrganizationsAccess",
    "DeactivateOrganizationsAccess",
    "DescribeOrganizationsAccess",
  ),
  answer: async (call, context) => {
    const state = organizationState(context);
    if (call.operation === "ActivateOrganizationsAccess") {
      state.stackSetsActivated = true;
      state.trustedAccess.set(stackSetsPrincipal, now());
    } else if (call.operation === "DeactivateOrganizationsAccess") {
      state.stackSetsActivated = false;
      state.trustedAccess.delete(stackSetsPrincipal);
    }
    const status = state.stackSetsActivated ? "ENABLED" : "DISABLED";
    return queryAnswer(
      call,
      call.operation === "DescribeOrganizationsAccess" ? `<Status>${status}</Status>` : "",
    );
  },
};
