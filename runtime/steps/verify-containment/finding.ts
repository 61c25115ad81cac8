import { type Static, Type } from "@sinclair/typebox";

/** `too-early`: what was asked can't show it yet, so that nothing follows from there being none. */
export const saysSchema = Type.Union([
  Type.Literal("contained"),
  Type.Literal("open"),
  Type.Literal("cannot-tell"),
  Type.Literal("too-early"),
]);

export interface Finding {
  readonly says: Static<typeof saysSchema>;
  readonly evidence: string;
}

export const closed = (evidence: string): Finding => ({ says: "contained", evidence });
export const open = (evidence: string): Finding => ({ says: "open", evidence });
export const unknown = (evidence: string): Finding => ({ says: "cannot-tell", evidence });
export const tooEarly = (evidence: string): Finding => ({ says: "too-early", evidence });
