import { limitOf } from "../../quotas";

export { sizeWithoutWhiteSpace } from "../../quotas/measure";

/** Default quotas that AWS enforces and the emulator doesn't, by the names under which refusals ask for them. */
export const quotas = {
  managedPoliciesPerRole: limitOf("managed-policies-per-role"),
  managedPoliciesPerUser: limitOf("managed-policies-per-user"),
  managedPoliciesPerGroup: limitOf("managed-policies-per-group"),
  managedPolicySize: limitOf("managed-policy-size"),
  managedPolicyVersions: limitOf("managed-policy-versions"),
  rolesPerInstanceProfile: limitOf("roles-per-instance-profile"),
  trustPolicySize: limitOf("trust-policy-size"),
  inlinePoliciesOfRole: limitOf("inline-policies-of-role"),
  inlinePoliciesOfUser: limitOf("inline-policies-of-user"),
  inlinePoliciesOfGroup: limitOf("inline-policies-of-group"),
  templateBodySize: limitOf("template-size"),
} as const;
