import { Type } from "@sinclair/typebox";
import { frameworks, policyCarriers, severities } from "./terms";

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1 });
/** A JSON Schema of the keywords that `three-valued.ts` knows. */
export const schema = Type.Record(Type.String(), Type.Unknown(), { description: "JSON Schema" });
const types = Type.Array(Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_:]+$" }), { minItems: 1 });

export const clause = Type.Object({ message: text, schema }, closed);
const clauses = Type.Array(clause, { minItems: 1 });

/** What AWS does where nothing is said: values by names of attributes, joined by dots. */
const unsaid = Type.Record(text, Type.Unknown());

export const resourceCheck = Type.Object(
  {
    kind: Type.Literal("resource"),
    types,
    when: Type.Optional(schema),
    unsaid: Type.Optional(unsaid),
    /** By attribute: what a value that refers to resources of these types, and to nothing else, is as good as. */
    referring: Type.Optional(Type.Record(text, Type.Object({ to: types, is: Type.Unknown() }, closed))),
    assert: clauses,
  },
  closed,
);

export const companionCheck = Type.Object(
  {
    kind: Type.Literal("companion"),
    types,
    when: Type.Optional(schema),
    unsaid: Type.Optional(unsaid),
    /** What must stand beside it. */
    companion: Type.Object(
      {
        types,
        /** Attributes of the companion of which one refers to the resource. */
        refersBy: Type.Union([text, Type.Array(text, { minItems: 1 })]),
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

export const presenceCheck = Type.Object(
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

export const policyCheck = Type.Object(
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
