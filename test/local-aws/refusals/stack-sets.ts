import { organizationState } from "../organization-state";
import { quotas } from "../quotas";
import { type Refusal, refused } from "./refusal";

export const stackSets: Refusal = {
  id: "stack-sets",
  because:
    "service-managed StackSets are the management account's, after their activation, and templates are small",
  source:
    'AWS CloudFormation user guide, "Activate trusted access for StackSets" and "Quotas"; pepperize/cdk-organizations#1718',
  inspect: async (call, context) => {
    if (call.service !== "cloudformation") return undefined;
    const body = call.parameters.TemplateBody;
    if (typeof body === "string" && Buffer.byteLength(body) > quotas.templateBodySize) {
      return refused(
        400,
        "ValidationError",
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: " +
          `Member must have length less than or equal to ${quotas.templateBodySize}`,
      );
    }
    if (call.operation !== "CreateStackSet" || call.parameters.PermissionModel !== "SERVICE_MANAGED")
      return undefined;
    const state = organizationState(context);
    const { account } = await context.callers.of(call);
    if (account !== context.managementAccount) {
      return refused(
        400,
        "ValidationError",
        "You must be the management account or delegated admin account of an organization before operating a " +
          "SERVICE_MANAGED stack set",
      );
    }
    return state.stackSetsActivated
      ? undefined
      : refused(
          400,
          "ValidationError",
          "You must enable organizations access to operate a service managed stack set",
        );
  },
};
