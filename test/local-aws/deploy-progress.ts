import { stripVTControlCharacters } from "node:util";
import type { Reporter } from "../../cli/reporter";

/** After how many seconds one resource is named, and again after each time as many. */
const long = 30;

/**
 * Tells a deploy of many stacks by the stack: which stand, and after which time; what one of them is waiting for.
 *
 * @returns what takes each line of cdktf's output
 */
export function deployProgress(
  names: readonly string[],
  { reporter, detail }: { readonly reporter: Pick<Reporter, "say">; readonly detail: (text: string) => void },
): (line: string) => void {
  const known = new Set(names);
  const began = new Map<string, number>();
  const done = new Set<string>();
  let stack = "";
  return (line) => {
    // cdktf names the stack in the first of the lines that came together, and indents the others.
    const [, named = "", said = ""] = /^(\S*)\s+(.*)$/.exec(stripVTControlCharacters(line).trimEnd()) ?? [];
    if (named !== "") stack = known.has(named) ? named : "";
    if (stack === "" || said === "") return;
    if (!began.has(stack)) began.set(stack, Date.now());
    detail(`${stack}: ${said}`);
    const waited = /^(\S+): Still (\w+)\.\.\. \[(?:.*, )?(?:(\d+)m)?(\d+)s elapsed\]/.exec(said);
    if (waited) {
      const [, address = "", what = "", minutes = "0", seconds = "0"] = waited;
      const time = Number(minutes) * 60 + Number(seconds);
      if (time % long === 0) reporter.say(`  ${stack}: still ${what} ${address} after ${time} s`);
    }
    if (said.startsWith("Apply complete!") && !done.has(stack)) {
      done.add(stack);
      const seconds = Math.round((Date.now() - (began.get(stack) ?? 0)) / 1000);
      reporter.say(`  ${done.size} of ${names.length} stacks: ${stack} stands (${seconds} s)`);
    }
  };
}
