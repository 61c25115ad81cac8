import { isDeepStrictEqual } from "node:util";
import {
  CreatePolicyCommand,
  DescribeResourcePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  type OrganizationsClient,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-organizations";
import { hasId, type Landscape } from "../../landscape";
import { cutPolicyName } from "../../landscape/names";
import type { Statement } from "../../policies/document";
import { cutDelegation, delegationSid } from "../../policies/guardrails/delegation";
import { cutText } from "../../runtime/cuts/document";
import { Refused } from "../errors";
import { policyNamed } from "../organization-policies";
import type { Addition } from "./organization";

/** Kinds of policy that the guardrails are. Switching one on denies nothing: AWS attaches a policy that allows all. */
const policyTypes = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] as const;

export async function missingPolicyTypes(
  organizations: OrganizationsClient,
  landscape: Landscape,
): Promise<Addition[]> {
  if (!landscape.access) return [];
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const root = Roots?.[0];
  const enabled = (root?.PolicyTypes ?? [])
    .filter(({ Status }) => Status === "ENABLED")
    .map(({ Type }) => Type);
  return policyTypes
    .filter((type) => !enabled.includes(type))
    .map((PolicyType) => ({
      what: `policies of type ${PolicyType}, for guardrails`,
      apply: async () => {
        await organizations.send(new EnablePolicyTypeCommand({ RootId: root?.Id, PolicyType }));
      },
    }));
}

/**
 * The policy that holds cuts, empty for now. Made here and not by Terraform, since its id is part of ARNs and its text
 * is automation's to write.
 *
 * @returns its id, or nothing where the landscape has no use for it
 * @throws Refused where the landscape names another policy than the one that stands
 */
export async function createCutPolicy(
  organizations: OrganizationsClient,
  landscape: Landscape,
): Promise<string | undefined> {
  if (!landscape.access) return undefined;
  const found = await policyNamed(organizations, cutPolicyName(landscape), "SERVICE_CONTROL_POLICY");
  const written = landscape.organization.cutPolicyId;
  if (written !== undefined && written !== found) {
    throw new Refused(
      `organization.cutPolicyId is "${written}" in the landscape, and the policy ${cutPolicyName(landscape)} ` +
        `${found === undefined ? "does not exist: take the id out, and bootstrap makes the policy" : `is ${found}`}`,
    );
  }
  if (found !== undefined) return found;
  const { Policy } = await organizations.send(
    new CreatePolicyCommand({
      Name: cutPolicyName(landscape),
      Type: "SERVICE_CONTROL_POLICY",
      Description: "Cuts of sessions and principals during an incident; written by automation only",
      Content: cutText([], new Date()),
      Tags: [{ Key: "managed-by", Value: "aws-ir-kit" }],
    }),
  );
  return Policy?.PolicySummary?.Id;
}

interface ResourcePolicy {
  readonly Version: string;
  readonly Statement: readonly (Partial<Statement> & { readonly Sid?: string })[];
}

/** The hub's right to write cuts, added to what the organization's resource policy says already. */
export async function missingDelegation(
  organizations: OrganizationsClient,
  landscape: Landscape,
): Promise<Addition[]> {
  if (!landscape.access || !hasId(landscape.hub) || landscape.organization.cutPolicyId === undefined)
    return [];
  const standing = await resourcePolicy(organizations);
  const wanted = cutDelegation(landscape);
  const others = standing.Statement.filter(({ Sid }) => Sid !== delegationSid);
  const own = standing.Statement.find(({ Sid }) => Sid === delegationSid);
  if (isDeepStrictEqual(own, JSON.parse(JSON.stringify(wanted)))) return [];
  return [
    {
      what: `the hub's right to write cuts, in the organization's resource policy (${others.length} other statements stay)`,
      apply: async () => {
        const Content = JSON.stringify({ ...standing, Statement: [...others, wanted] });
        await organizations.send(new PutResourcePolicyCommand({ Content }));
      },
    },
  ];
}

async function resourcePolicy(organizations: OrganizationsClient): Promise<ResourcePolicy> {
  try {
    const { ResourcePolicy } = await organizations.send(new DescribeResourcePolicyCommand({}));
    const policy = JSON.parse(ResourcePolicy?.Content ?? "") as ResourcePolicy;
    return { ...policy, Statement: [policy.Statement].flat() };
  } catch (error) {
    if ((error as Error).name !== "ResourcePolicyNotFoundException") throw error;
    return { Version: "2012-10-17", Statement: [] };
  }
}
