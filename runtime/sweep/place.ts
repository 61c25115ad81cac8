import { Type } from "@sinclair/typebox";
import { timeSchema } from "../shared/contracts";

/** An account and a region. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** When the account joined the organization: of a new one nothing is expected yet. */
  readonly joined?: string;
}

export const placeSchema = Type.Object({
  account: Type.String({ pattern: "^\\d{12}$" }),
  region: Type.String({ pattern: "^[a-z0-9-]+$" }),
  joined: Type.Optional(timeSchema),
});
