/**
 * Default quotas that AWS enforces and the emulator doesn't. An account may have raised some of them; the kit must
 * work without.
 *
 * Sources: "IAM and AWS STS quotas" (IAM user guide), "AWS CloudFormation quotas" (CloudFormation user guide).
 * Sizes of IAM policies are counted without white space.
 */
export const quotas = {
  managedPoliciesPerRole: 10,
  managedPoliciesPerUser: 10,
  managedPoliciesPerGroup: 10,
  managedPolicySize: 6144,
  managedPolicyVersions: 5,
  rolesPerInstanceProfile: 1,
  trustPolicySize: 2048,
  inlinePoliciesOfRole: 10240,
  inlinePoliciesOfUser: 2048,
  inlinePoliciesOfGroup: 5120,
  templateBodySize: 51200,
} as const;

export const sizeWithoutWhiteSpace = (document: string): number => document.replace(/\s/g, "").length;
