import { type Static, Type } from "@sinclair/typebox";

export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

export const frameworks = {
  "cis-aws-3.0": "CIS AWS Foundations Benchmark 3.0",
  "aws-fsbp": "AWS Foundational Security Best Practices",
  "nist-800-53-r5": "NIST SP 800-53 revision 5",
  "nist-csf-2.0": "NIST Cybersecurity Framework 2.0",
  "iso-27001-2022": "ISO/IEC 27001:2022, Annex A",
  "pci-dss-4": "PCI DSS 4.0",
} as const;
export type Framework = keyof typeof frameworks;

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1 });
/** A JSON Schema of the keywords that `three-valued.ts` knows. */
const schema = Type.Record(Type.String(), Type.Unknown(), { description: "JSON Schema" });
const types = Type.Array(Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_:]+$" }), { minItems: 1 });

const clause = Type.Object({ message: text, schema }, closed);
const clauses = Type.Array(clause, { minItems: 1 });

const resourceCheck = Type.Object(
  { kind: Type.Literal("resource"), types, when: Type.Optional(schema), assert: clauses },
  closed,
);

const companionCheck = Type.Object(
  {
    kind: Type.Literal("companion"),
    types,
    when: Type.Optional(schema),
    /** What must stand beside it. */
    companion: Type.Object(
      {
        types,
        /** Attribute of the companion that refers to the resource. */
        refersBy: text,
        /** Attributes of the resource whose plain value stands there where no reference does. */
        refersTo: Type.Array(text, { minItems: 1 }),
        /** A companion that does not match this is none. */
        when: Type.Optional(schema),
      },
      closed,
    ),
    missing: text,
    assert: Type.Optional(clauses),
    /** What at least one statement of a policy that the companion carries must match. */
    statement: Type.Optional(clause),
  },
  closed,
);

const presenceCheck = Type.Object(
  {
    kind: Type.Literal("presence"),
    /** Only a deployment that holds one of these is asked. */
    given: types,
    types,
    schema: Type.Optional(schema),
    missing: text,
  },
  closed,
);

export const policyCarriers = [
  "identity",
  "resource",
  "endpoint",
  "trust",
  "service-control",
  "resource-control",
] as const;
export type PolicyCarrier = (typeof policyCarriers)[number];

const policyCheck = Type.Object(
  {
    kind: Type.Literal("policy"),
    carriers: Type.Array(Type.Union(policyCarriers.map((carrier) => Type.Literal(carrier))), { minItems: 1 }),
    /** Only statements that match are asked. */
    when: Type.Optional(schema),
    assert: clauses,
  },
  closed,
);

export const ruleSchema = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z][a-z0-9-]+$" }),
    title: text,
    severity: Type.Union(severities.map((severity) => Type.Literal(severity))),
    why: text,
    source: Type.String({ pattern: "^https://" }),
    fix: text,
    controls: Type.Partial(
      Type.Object(
        Object.fromEntries(Object.keys(frameworks).map((name) => [name, Type.Array(text, { minItems: 1 })])),
        closed,
      ),
      closed,
    ),
    checks: Type.Array(Type.Union([resourceCheck, companionCheck, presenceCheck, policyCheck]), {
      minItems: 1,
    }),
  },
  closed,
);

export type Schema = Static<typeof schema>;
export type Clause = Static<typeof clause>;
export type ResourceCheck = Static<typeof resourceCheck>;
export type CompanionCheck = Static<typeof companionCheck>;
export type PresenceCheck = Static<typeof presenceCheck>;
export type PolicyCheck = Static<typeof policyCheck>;
export type Check = ResourceCheck | CompanionCheck | PresenceCheck | PolicyCheck;

/** What is checked, why, and which controls it serves: plain data, one file a rule. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  /** Where AWS, or a framework's publisher, says so. */
  readonly source: string;
  readonly fix: string;
  readonly controls: Readonly<Partial<Record<Framework, readonly string[]>>>;
  readonly checks: readonly Check[];
}
