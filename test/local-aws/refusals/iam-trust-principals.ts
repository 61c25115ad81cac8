import { iamChanges } from "../iam-changes";
import { missingPrincipal } from "../principals";
import { type Refusal, refused } from "./refusal";

export const iamTrustPrincipals: Refusal = {
  id: "iam-trust-principals",
  because: "a trust policy cannot name a principal that does not exist",
  source:
    'IAM user guide, "AWS JSON policy elements: Principal"; MalformedPolicyDocument as seen in databrickslabs/ucx#2269',
  inspect: async (call, context) => {
    for (const { change } of await iamChanges(call, context)) {
      if (change.kind !== "trust") continue;
      const missing = await missingPrincipal(change.document, context);
      if (missing !== undefined) {
        return refused(400, "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"${missing}"`);
      }
    }
    return undefined;
  },
};
