import { organizationState } from "../organization-state";
import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** The organization's resource policy, of which there is one. */
export const organizationsResourcePolicy: Gap = {
  id: "organizations-resource-policy",
  kind: "held",
  resources: ["aws_organizations_resource_policy"],
  because: "the emulator has no resource policy of the organization",
  concerns: isCall("organizations", "DescribeResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
  answer: async (call, context) => {
    const state = organizationState(context);
    if (call.operation === "PutResourcePolicy") state.resourcePolicy = String(call.parameters.Content);
    if (state.resourcePolicy === undefined) {
      return errorAnswer(
        call,
        400,
        "ResourcePolicyNotFoundException",
        "The organization has no resource policy.",
      );
    }
    const Content = state.resourcePolicy;
    if (call.operation === "DeleteResourcePolicy") {
      state.resourcePolicy = undefined;
      return jsonAnswer({});
    }
    return jsonAnswer({ ResourcePolicy: { Content, ResourcePolicySummary: { Id: "rp-local0000" } } });
  },
};
