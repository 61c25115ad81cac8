import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** What Identity Center does with a changed permission set in the accounts that have it. */
export const ssoProvisioning: Gap = {
  id: "sso-provisioning",
  kind: "answered",
  resources: ["aws_ssoadmin_permission_set_inline_policy"],
  because: "the emulator can't provision a permission set; nor does it make the roles of one",
  concerns: isCall("sso", "ProvisionPermissionSet", "DescribePermissionSetProvisioningStatus"),
  answer: async (call) =>
    jsonAnswer({
      PermissionSetProvisioningStatus: {
        Status: "SUCCEEDED",
        RequestId: "00000000-0000-0000-0000-000000000000",
        PermissionSetArn: call.parameters.PermissionSetArn ?? null,
      },
    }),
};
