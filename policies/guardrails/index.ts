import type { Account, Landscape } from "../../landscape/model";
import { guardrailName } from "../../landscape/names";
import { type PolicyDocument, policyDocument } from "../document";
import { fitting } from "./overflow";
import { protectKit } from "./protect-kit";
import { protectResponse } from "./protect-response";
import { protectSecurity } from "./protect-security";
import { dataPerimeter, kitData } from "./resource-control";
import { sealAccount, sealResources } from "./seal";

export type PolicyType = "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY";

/** What a policy is attached to. */
export type Target =
  | { readonly kind: "root" }
  | { readonly kind: "account"; readonly account: Account }
  | { readonly kind: "unit"; readonly path: string; readonly id: string | undefined };

export interface Guardrail {
  readonly id: string;
  readonly name: string;
  readonly type: PolicyType;
  readonly description: string;
  readonly document: PolicyDocument;
  /** Empty where the policy is only staged, for `ir-kit seal` to attach. */
  readonly targets: readonly Target[];
}

/**
 * The roles of a landing zone make each statement longer, and some policies too long. What doesn't fit stands in a policy
 * of its own, where that zone leaves room. Without a zone the root is full, and what doesn't fit is refused beforehand.
 */
function withOverflow(landscape: Landscape, policies: readonly Guardrail[]): Guardrail[] {
  if (landscape.landingZone === "none") return [...policies];
  const parts = policies.map((policy) => ({ policy, ...fitting(policy.document) }));
  const overflow = parts.flatMap((part) => part.overflow);
  return [
    ...parts.map(({ policy, document }) => ({ ...policy, document })),
    ...(overflow.length === 0
      ? []
      : [
          {
            id: "protect-more",
            name: guardrailName(landscape, "protect-more"),
            type: "SERVICE_CONTROL_POLICY" as const,
            description: "What the other policies have no room for",
            document: policyDocument(overflow),
            targets: besideLandingZone(landscape),
          },
        ]),
  ];
}

/**
 * The root has room for AWS's own policy, the cuts and two more beside this one. A landing zone that puts policies of
 * its own there gets one less: this one then stands at the outermost units, where accounts are.
 */
const besideLandingZone = ({ landingZone, organizationalUnits }: Landscape): Target[] =>
  landingZone === "none"
    ? [{ kind: "root" }]
    : organizationalUnits
        .filter(({ parent }) => parent === undefined)
        .map(({ path, id }) => ({ kind: "unit", path, id }));

const root: Target = { kind: "root" };

/** Service control policies for everybody in the organization. */
const protections = (landscape: Landscape): Guardrail[] => [
  {
    id: "protect-kit",
    name: guardrailName(landscape, "protect-kit"),
    type: "SERVICE_CONTROL_POLICY",
    description: "Nobody touches what responders rely on",
    document: protectKit(landscape),
    targets: [root],
  },
  {
    id: "protect-security",
    name: guardrailName(landscape, "protect-security"),
    type: "SERVICE_CONTROL_POLICY",
    description: "Security services go on, logs stay, nobody leaves, root rests",
    document: protectSecurity(landscape),
    targets: [root],
  },
  {
    id: "protect-response",
    name: guardrailName(landscape, "protect-response"),
    type: "SERVICE_CONTROL_POLICY",
    description: "What responders work on and with is in nobody else's hands",
    document: protectResponse(landscape),
    targets: besideLandingZone(landscape),
  },
];

export function guardrails(landscape: Landscape): Guardrail[] {
  const { logArchive, forensics } = landscape.accounts;
  const keepers = [...new Set([logArchive, forensics, landscape.hub])];
  const units = landscape.access?.perimeter.units ?? [];
  return [
    ...withOverflow(landscape, protections(landscape)),
    {
      id: "kit-data",
      name: guardrailName(landscape, "kit-data"),
      type: "RESOURCE_CONTROL_POLICY",
      description: "Logs, evidence and keys stay inside the organization",
      document: kitData(landscape),
      targets: keepers.map((account) => ({ kind: "account", account })),
    },
    ...(units.length === 0
      ? []
      : [
          {
            id: "data-perimeter",
            name: guardrailName(landscape, "data-perimeter"),
            type: "RESOURCE_CONTROL_POLICY" as const,
            description: "Members' buckets and secrets stay inside the organization",
            document: dataPerimeter(landscape),
            targets: units.map(({ path, id }): Target => ({ kind: "unit", path, id })),
          },
        ]),
    {
      id: "seal-account",
      name: guardrailName(landscape, "seal-account"),
      type: "SERVICE_CONTROL_POLICY",
      description: "Staged: attached to the hub's account when it is lost",
      document: sealAccount(landscape),
      targets: [],
    },
    {
      id: "seal-resources",
      name: guardrailName(landscape, "seal-resources"),
      type: "RESOURCE_CONTROL_POLICY",
      description: "Staged: attached to the root when the hub's account is lost",
      document: sealResources(landscape),
      targets: [],
    },
  ];
}
