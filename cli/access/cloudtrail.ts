import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { WrongUse } from "../errors";

/** What an event of CloudTrail says about a request. */
export interface TrailEvent {
  readonly eventName: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly recipientAccountId?: string;
  readonly errorCode?: string;
  readonly userIdentity?: {
    readonly type?: string;
    readonly arn?: string;
    readonly accountId?: string;
    readonly invokedBy?: string;
    readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
  };
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  readonly resources?: readonly { readonly ARN?: string; readonly accountId?: string }[];
}

/**
 * Events of every CloudTrail file below a folder (`.json`, `.json.gz`), file by file.
 *
 * @throws WrongUse for a folder without such files, and for a file that is none of CloudTrail's
 */
export function* trailEvents(directory: string): Generator<TrailEvent> {
  const files = filesBelow(directory);
  if (files.length === 0) throw new WrongUse(`${directory}: no CloudTrail file (.json or .json.gz) below it`);
  for (const file of files) yield* eventsOf(file);
}

function filesBelow(directory: string): string[] {
  try {
    if (statSync(directory).isFile()) return [directory];
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !file.includes("CloudTrail-Digest"))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongUse(`${directory}: ${code === "ENOENT" ? "no such folder" : `cannot be read (${code})`}`);
  }
}

function eventsOf(file: string): readonly TrailEvent[] {
  const bytes = readFileSync(file);
  try {
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    const { Records } = JSON.parse(text) as { Records?: unknown };
    if (Array.isArray(Records)) return Records as TrailEvent[];
  } catch (error) {
    throw new WrongUse(`${file}: is not a file of CloudTrail: ${(error as Error).message}`);
  }
  throw new WrongUse(`${file}: is not a file of CloudTrail: it has no Records`);
}
