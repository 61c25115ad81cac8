import { spawnSync } from "node:child_process";
import path from "node:path";
import { inDist } from "../bin/kept-build";
import { synthesize } from "../stacks/synthesize";
import { repository } from "../test/support/repository";
import { exampleFile, exampleText, landscapeOf } from "./landscapes";
import { type Measurement, median, milliseconds } from "./measurement";
import type { Scratch } from "./scratch";

const rounds = 15;

/**
 * Goals are multiples of Node's own start. On a machine where that takes a tenth of a second they come to 150 ms above
 * it for `--help`, and 400 ms for `validate` and `review`.
 */
const goals = { "--help": 2.5, validate: 4, review: 4 } as const;

/**
 * How long commands take from their start to their end, each in turns with Node alone.
 *
 * @throws Error where a command fails, or `dist` is older than its sources
 */
export function* start(scratch: Scratch): Iterable<Measurement> {
  if (!inDist({ root: repository, entry: "cli/index.ts", extension: ".program" }))
    throw new Error("dist is older than its sources: npm run build");
  const { directory } = synthesize(landscapeOf(exampleText), {
    deployed: undefined,
    directory: scratch.folder(),
  });
  const program = path.join(repository, "bin", "ir-kit.js");
  yield against("--help", [program, "--help"]);
  yield against("validate", [program, "validate", exampleFile]);
  yield against("review", [program, "review", directory, "--fail-on", "none"]);
}

function against(what: keyof typeof goals, command: readonly string[]): Measurement {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(milliseconds(() => run(["-e", "0"])));
    times[1].push(milliseconds(() => run(command)));
  }
  const [node, ours] = [median(times[0]), median(times[1])];
  return {
    what: `ir-kit ${what}, from start to end`,
    baseline: "node -e 0",
    ratio: ours / node,
    goal: goals[what],
    detail: `${(ours - node).toFixed(0)} ms above Node's own ${node.toFixed(0)} ms`,
  };
}

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: repository, encoding: "utf8" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed: ${stderr}`);
}
