import { type OrganizationsClient, paginateListPolicies } from "@aws-sdk/client-organizations";
import type { PolicyType } from "../policies/guardrails";

/** Id of the organization's policy of a type that has a name; nothing where none has it. */
export async function policyNamed(
  organizations: OrganizationsClient,
  name: string,
  Filter: PolicyType,
): Promise<string | undefined> {
  for await (const page of paginateListPolicies({ client: organizations }, { Filter })) {
    const found = page.Policies?.find((policy) => policy.Name === name);
    if (found?.Id !== undefined) return found.Id;
  }
  return undefined;
}
