import { Type } from "@sinclair/typebox";

/** An account and a region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const placeSchema = Type.Object({
  account: Type.String({ pattern: "^\\d{12}$" }),
  region: Type.String({ pattern: "^[a-z0-9-]+$" }),
});
