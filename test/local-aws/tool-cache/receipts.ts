import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Digests } from "./pins";

/** What the kit writes into the folder of a tool that it brought, as the last thing. */
export interface Receipt {
  readonly version: string;
  readonly source: string;
  /** SHA-256 of what was brought, pinned or not. */
  readonly digests: Digests;
  /** Bytes of the program. */
  readonly size: number;
}

const fileIn = (folder: string) => path.join(folder, "receipt.json");

export function writeReceipt<T>(folder: string, receipt: T): void {
  writeFileSync(fileIn(folder), `${JSON.stringify(receipt, null, 2)}\n`);
}

export function readReceipt<T = Receipt>(folder: string): T | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), "utf8")) as T;
  } catch {
    return undefined;
  }
}

export type Verdict = "verified" | "not verified" | "wrong";

/** Every digest that is pinned must be the one brought; where none is, nothing is verified. */
export function judge(brought: Digests, pinned: Digests | undefined): Verdict {
  const pairs = (["archive", "program"] as const)
    .map((part) => [brought[part], pinned?.[part] ?? ""] as const)
    .filter(([have, want]) => have !== "" && want !== "");
  if (pairs.some(([have, want]) => have !== want)) return "wrong";
  return pairs.length > 0 ? "verified" : "not verified";
}
