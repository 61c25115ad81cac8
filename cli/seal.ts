import {
  AttachPolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  type OrganizationsClient,
  paginateListPoliciesForTarget,
} from "@aws-sdk/client-organizations";
import type { Landscape } from "../landscape";
import { accountId } from "../landscape/names";
import { guardrails, type PolicyType } from "../policies/guardrails";
import { Refused } from "./errors";
import { policyNamed } from "./organization-policies";

/** One of the two staged policies, and what it is attached to when the seal is set. */
export interface SealPolicy {
  readonly id: string;
  readonly name: string;
  readonly type: PolicyType;
  readonly target: string;
  readonly attached: boolean;
}

/**
 * The staged policies as they stand.
 *
 * @throws Refused where they are not staged, or name another account than the landscape
 */
export async function sealPolicies(
  organizations: OrganizationsClient,
  landscape: Landscape,
): Promise<SealPolicy[]> {
  const sealed = accountId(landscape.sealed);
  const staged = guardrails(landscape).filter(({ id }) => id === "seal-account" || id === "seal-resources");
  return Promise.all(
    staged.map(async ({ name, type }) => {
      const id = await policyNamed(organizations, name, type);
      if (id === undefined) {
        throw new Refused(
          `the policy ${name} (${type}) is not staged; deploy the guardrails: npx cdktf deploy guardrails`,
        );
      }
      const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: id }));
      if (!Policy?.Content?.includes(sealed)) {
        throw new Refused(
          `the staged policy ${name} (${type}) is not about account ${sealed}; deploy the guardrails: npx cdktf deploy guardrails`,
        );
      }
      const target = type === "SERVICE_CONTROL_POLICY" ? sealed : (landscape.organization.rootId ?? "");
      return { id, name, type, target, attached: await isAttached(organizations, id, type, target) };
    }),
  );
}

async function isAttached(
  organizations: OrganizationsClient,
  id: string,
  Filter: PolicyType,
  TargetId: string,
): Promise<boolean> {
  for await (const page of paginateListPoliciesForTarget({ client: organizations }, { TargetId, Filter })) {
    if (page.Policies?.some(({ Id }) => Id === id)) return true;
  }
  return false;
}

/** Sets or lifts the seal; what stands as wanted already is left alone. @returns what was changed */
export async function setSeal(
  organizations: OrganizationsClient,
  policies: readonly SealPolicy[],
  wanted: boolean,
): Promise<SealPolicy[]> {
  const changed = policies.filter(({ attached }) => attached !== wanted);
  for (const { id, target } of changed) {
    const input = { PolicyId: id, TargetId: target };
    await organizations.send(wanted ? new AttachPolicyCommand(input) : new DetachPolicyCommand(input));
  }
  return changed;
}
