import { now, organizationState } from "../organization-state";
import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const organizationsTrustedAccess: Gap = {
  id: "organizations-trusted-access",
  kind: "held",
  resources: ["aws_organizations_organization"],
  because: "the emulator knows only some services and refuses trusted access of the others",
  concerns: isCall(
    "organizations",
    "EnableAWSServiceAccess",
    "DisableAWSServiceAccess",
    "ListAWSServiceAccessForOrganization",
  ),
  answer: async (call, context) => {
    const { trustedAccess } = organizationState(context);
    const principal = String(call.parameters.ServicePrincipal);
    if (call.operation === "EnableAWSServiceAccess") {
      if (!trustedAccess.has(principal)) trustedAccess.set(principal, now());
      return jsonAnswer({});
    }
    if (call.operation === "DisableAWSServiceAccess") {
      trustedAccess.delete(principal);
      return jsonAnswer({});
    }
    return jsonAnswer({
      EnabledServicePrincipals: [...trustedAccess].map(([ServicePrincipal, DateEnabled]) => ({
        ServicePrincipal,
        DateEnabled,
      })),
    });
  },
};
