import { Type } from "@sinclair/typebox";

/** Pieces that several steps' contracts share. */

export const principalSchema = Type.Object({
  kind: Type.Union([Type.Literal("user"), Type.Literal("role")]),
  account: Type.String({ pattern: "^\\d{12}$" }),
  name: Type.String({ minLength: 1 }),
  path: Type.String({ pattern: "^/" }),
  arn: Type.String({ pattern: "^arn:" }),
});

export const changeResultSchema = Type.Object({
  target: Type.String(),
  title: Type.String(),
  outcome: Type.Union([
    Type.Literal("done"),
    Type.Literal("skipped"),
    Type.Literal("failed"),
    Type.Literal("planned"),
  ]),
  why: Type.Optional(Type.String()),
});

export const timeSchema = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" });

export const credentialKinds = [
  "access-key",
  "ssh-key",
  "signing-certificate",
  "service-specific-credential",
  "password",
  "mfa-device",
] as const;

export const credentialSchema = Type.Object({
  kind: Type.Union(credentialKinds.map((kind) => Type.Literal(kind))),
  id: Type.String(),
  /** As AWS says it: `Active`, `Inactive`; `present` for what has no status. */
  status: Type.String(),
  created: Type.Optional(timeSchema),
  /** Where and when an access key was last used. */
  lastUsed: Type.Optional(Type.String()),
});
