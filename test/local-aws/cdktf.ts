import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type Run, run } from "../../cli/terraform";
import { repository } from "../support/repository";

const program = path.join(repository, "node_modules", ".bin", "cdktf");

/** How many stacks Terraform works on at once: on two cores, more only take memory. */
const parallelism = "2";

export interface CdktfOptions {
  /** Folder with a `cdktf.json`. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

export const deploy = (stacks: readonly string[], options: CdktfOptions): Promise<Run> =>
  // Without a registry, cdktf cannot add other platforms' checksums to the provider lock.
  run(
    program,
    ["deploy", ...stacks, "--auto-approve", "--skip-provider-lock", "--parallelism", parallelism],
    options,
  );

export const destroy = (stacks: readonly string[], options: CdktfOptions): Promise<Run> =>
  run(
    program,
    ["destroy", ...stacks, "--auto-approve", "--skip-provider-lock", "--parallelism", parallelism],
    options,
  );

export const synth = (options: CdktfOptions): Promise<Run> => run(program, ["synth"], options);

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
