import path from "node:path";
import type { Resource, SourceLine } from "../graph";
import { isObject } from "./json";

/**
 * Which construct made a resource, and where that stands in its author's code, as CDKTF notes it beside the resource.
 * CDKTF 0.21 notes no line by itself: constructs have one that say `addMetadata("stacktrace", …, { stackTrace: true })`.
 */
export function originOf(
  block: Readonly<Record<string, unknown>>,
): Pick<Resource, "construct" | "writtenAt"> {
  const notes = block["//"];
  const { path: construct, stackTrace } = isObject(notes) && isObject(notes.metadata) ? notes.metadata : {};
  const writtenAt = Array.isArray(stackTrace) ? firstOfAuthor(stackTrace) : undefined;
  return {
    construct: typeof construct === "string" ? construct : undefined,
    ...(writtenAt && { writtenAt }),
  };
}

const frame = /(?:^|[\s(])((?:file:\/\/|[A-Za-z]:[\\/]|\/)[^()]*?):(\d+):\d+\)?$/;

/** Of the calls that led to a construct, the last one that is no library's. */
function firstOfAuthor(trace: readonly unknown[]): SourceLine | undefined {
  for (const call of trace) {
    const [, file, line] = frame.exec(String(call)) ?? [];
    if (file !== undefined && !/[\\/]node_modules[\\/]/.test(file))
      return { file: shortened(file), line: Number(line) };
  }
  return undefined;
}

function shortened(file: string): string {
  const here = file.replace(/^file:\/\//, "");
  const relative = path.relative(process.cwd(), here);
  return relative.startsWith("..") || path.isAbsolute(relative) ? here : relative;
}
