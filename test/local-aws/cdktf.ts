import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Run, run } from "../../cli/terraform";
import { repository } from "../support/repository";

const program = path.join(repository, "node_modules", ".bin", "cdktf");

export interface CdktfOptions {
  /** Folder with a `cdktf.json`. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** How many stacks Terraform works on at once. */
  readonly lanes: number;
  readonly onLine?: (line: string) => void;
}

const onStacks = (command: string, stacks: readonly string[], options: CdktfOptions): Promise<Run> =>
  // Without a registry, cdktf cannot add other platforms' checksums to the provider lock.
  run(
    program,
    [command, ...stacks, "--auto-approve", "--skip-provider-lock", "--parallelism", String(options.lanes)],
    options,
  );

export const deploy = (stacks: readonly string[], options: CdktfOptions): Promise<Run> =>
  onStacks("deploy", stacks, options);

export const destroy = (stacks: readonly string[], options: CdktfOptions): Promise<Run> =>
  onStacks("destroy", stacks, options);

export const synth = (options: Omit<CdktfOptions, "lanes">): Promise<Run> => run(program, ["synth"], options);

/** Numbers of Terraform's closing lines, summed over the stacks of a run. */
export function resourceCounts({ output }: Run): { added: number; changed: number; destroyed: number } {
  const totals = { added: 0, changed: 0, destroyed: 0 };

  const plain = stripVTControlCharacters(output);
  for (const [, added, changed, destroyed] of plain.matchAll(
    /Resources: (\d+) added, (\d+) changed, (\d+) destroyed/g,
  )) {
    totals.added += Number(added);
    totals.changed += Number(changed);
    totals.destroyed += Number(destroyed);
  }
  return totals;
}
