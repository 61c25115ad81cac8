import type { FrontContext } from "./front";

/** What the front keeps of the organization, shared by gaps and refusals. */
export interface OrganizationState {
  /** Service principals with trusted access, and since when (seconds). */
  readonly trustedAccess: Map<string, number>;
  /** Delegated administrators: service principal, then account id, and since when (seconds). */
  readonly delegated: Map<string, Map<string, number>>;
  /** StackSets need an activation of their own beside trusted access. */
  stackSetsActivated: boolean;
  readonly rootFeatures: Set<string>;
  /** Text of the organization's resource policy. */
  resourcePolicy: string | undefined;
}

export const organizationState = ({ memory }: FrontContext): OrganizationState =>
  memory("organization", () => ({
    trustedAccess: new Map(),
    delegated: new Map(),
    stackSetsActivated: false,
    rootFeatures: new Set(),
    resourcePolicy: undefined,
  }));

export const now = (): number => Math.floor(Date.now() / 1000);
