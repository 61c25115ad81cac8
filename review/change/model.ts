/** What has changed since an earlier state, as plain data: without a value of any resource but what policies say. */
export interface Changes {
  readonly resources: ResourceChanges;
  /** Widenings first. */
  readonly access: readonly AccessChange[];
  readonly rules: {
    readonly newlyFailing: readonly RuleChange[];
    readonly noLongerFailing: readonly RuleChange[];
  };
}

export interface ResourceChanges {
  readonly added: readonly Place[];
  readonly removed: readonly Place[];
  /** Only a plan knows what Terraform replaces. */
  readonly replaced: readonly Place[];
  readonly changed: readonly (Place & { readonly attributes: readonly string[] })[];
}

export interface Place {
  readonly stack: string;
  readonly address: string;
}

export interface RuleChange extends Place {
  readonly rule: string;
}

export const directions = ["widened", "narrowed", "cannot-tell"] as const;
export type Direction = (typeof directions)[number];

export const accessKinds = [
  "permissions",
  "trust",
  "resource-policy",
  "guardrail",
  "sharing",
  "network",
  "retention",
  "encryption",
  "logging",
  "protection",
] as const;
export type AccessKind = (typeof accessKinds)[number];

/** Something that is now open to more, or to fewer, than before. */
export interface AccessChange extends Place {
  readonly direction: Direction;
  readonly kind: AccessKind;
  /** One sentence, without a full stop. */
  readonly what: string;
  /** Actions that are meant, where it is about a policy. */
  readonly actions?: readonly string[];
  /** A request that is decided otherwise than before. */
  readonly example?: ExampleRequest;
}

export interface ExampleRequest {
  readonly action: string;
  readonly resource: string;
  readonly principal?: string;
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}
