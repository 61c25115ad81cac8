import type { FrontContext } from "../front";
import { organizationState } from "../organization-state";
import { organizationId } from "../principals";
import { errorAnswer, queryAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

const effects: Readonly<Record<string, (features: Set<string>) => void>> = {
  EnableOrganizationsRootCredentialsManagement: (features) => features.add("RootCredentialsManagement"),
  EnableOrganizationsRootSessions: (features) => features.add("RootSessions"),
  DisableOrganizationsRootCredentialsManagement: (features) => features.delete("RootCredentialsManagement"),
  DisableOrganizationsRootSessions: (features) => features.delete("RootSessions"),
  ListOrganizationsFeatures: () => undefined,
};

export const iamOrganizationsFeatures: Gap = {
  id: "iam-organizations-features",
  kind: "answered",
  resources: ["aws_iam_organizations_features"],
  because: "the emulator has no central root access",
  concerns: isCall("iam", ...Object.keys(effects)),
  answer: async (call, context) => {
    const state = organizationState(context);
    if (!state.trustedAccess.has("iam.amazonaws.com")) {
      return errorAnswer(
        call,
        400,
        "ServiceAccessNotEnabledException",
        "Trusted access is not enabled for iam.amazonaws.com in AWS Organizations.",
      );
    }
    effects[call.operation]?.(state.rootFeatures);
    return queryAnswer(call, await features(context));
  },
};

async function features(context: FrontContext): Promise<string> {
  const members = [...organizationState(context).rootFeatures]
    .map((name) => `<member>${name}</member>`)
    .join("");
  return `<OrganizationId>${await organizationId(context)}</OrganizationId><EnabledFeatures>${members}</EnabledFeatures>`;
}
