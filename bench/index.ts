import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Table from "cli-table3";
import { formatProblem, type Landscape, parseLandscape } from "../landscape";
import { planStacks } from "../stacks";
import { synthesize } from "../stacks/synthesize";
import { repository } from "../test/support/repository";
import { decisions, proofs } from "./decisions";
import { type Measurement, median, milliseconds } from "./measurement";
import { mustBeTheSame, plainCdktf } from "./plain-cdktf";
import { response } from "./response";
import { review } from "./review";
import { start } from "./start";
import { sweep } from "./sweep";

const example = readFileSync(path.join(repository, "config", "landscape.yaml"), "utf8");
/** In memory where there is such a place: the disk's moods would drown a difference of milliseconds. */
const scratch = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ir-kit-bench-"));

function landscapeOf(text: string): Landscape {
  const result = parseLandscape("bench.yaml", text);
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

const withMembers = (count: number, text = example): string => {
  const members = Array.from(
    { length: count },
    (_, index) => `  - { name: member-${index}, id: "${800_000_000_000 + index}", ou: sandbox }\n`,
  ).join("");
  return text.replace("securityContact:", `${members}\nsecurityContact:`);
};

/** Medians of two works measured in turns. */
function inTurns(rounds: number, first: () => void, second: () => void): [number, number] {
  const times: [number[], number[]] = [[], []];
  first();
  second();
  for (let round = 0; round < rounds; round += 1) {
    times[0].push(milliseconds(first));
    times[1].push(milliseconds(second));
  }
  return [median(times[0]), median(times[1])];
}

let folders = 0;
function outdir(): string {
  folders += 1;
  return path.join(scratch, String(folders));
}

function synthesis(what: string, text: string, rounds: number): Measurement {
  const landscape = landscapeOf(text);
  const reference = outdir();
  synthesize(landscape, reference);
  const plainApp = plainCdktf(reference);
  const checked = outdir();
  plainApp(checked);
  mustBeTheSame(reference, checked);
  const [plain, kit] = inTurns(
    rounds,
    () => plainApp(outdir()),
    () => {
      synthesize(landscape, outdir());
    },
  );
  const stacks = planStacks(landscape).stacks.length;
  return {
    what,
    baseline: "plain CDKTF, same resources",
    ratio: kit / plain,
    goal: 0.6,
    detail: `${kit.toFixed(0)} ms of ${plain.toFixed(0)} ms, ${stacks} stacks`,
  };
}

/** A fresh process, as a user starts it. */
function coldProcess(args: readonly string[], landscape: string, cwd = repository): void {
  const { status, stderr } = spawnSync(args[0] ?? "", args.slice(1), {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      IR_KIT_CONFIG: landscape,
      CDKTF_OUTDIR: outdir(),
      CHECKPOINT_DISABLE: "1",
      CI: "1",
    },
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr}`);
}

const main = ["node", path.join(repository, "bin", "synth.js")];

function scale(): Measurement {
  const files = [10, 10_000].map((count) => {
    const file = path.join(scratch, `members-${count}.yaml`);
    writeFileSync(file, withMembers(count));
    return file;
  });
  const [small, large] = inTurns(
    5,
    () => coldProcess(main, files[0] ?? ""),
    () => coldProcess(main, files[1] ?? ""),
  );
  return {
    what: "main.ts with 10,000 members, cold",
    baseline: "main.ts with 10 members, cold",
    ratio: large / small,
    goal: 1.5,
    detail: `${large.toFixed(0)} ms of ${small.toFixed(0)} ms`,
  };
}

function coldSynthesis(): Measurement {
  const file = path.join(repository, "config", "landscape.yaml");
  const second = 1000;
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) times.push(milliseconds(() => coldProcess(main, file)));
  const time = median(times);
  return {
    what: "main.ts of the example, cold",
    baseline: "one second",
    ratio: time / second,
    goal: 1,
    detail: `${time.toFixed(0)} ms`,
  };
}

/** The command line's own floor: an application that makes one empty stack. */
function cdktfSynth(): Measurement {
  const cdktf = path.join(repository, "node_modules", ".bin", "cdktf");
  const floor = path.join(scratch, "floor");
  const kit = path.join(scratch, "kit");
  const project = (folder: string, app: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, "cdktf.json"),
      JSON.stringify({ language: "typescript", app, sendCrashReports: "false", projectId: "bench" }),
    );
  };
  const empty = path.join(floor, "app.js");
  project(floor, `node ${empty}`);
  writeFileSync(
    empty,
    `const { App, TerraformStack } = require(${JSON.stringify(path.join(repository, "node_modules", "cdktf"))});
     const app = new App(); new TerraformStack(app, "empty"); app.synth();`,
  );
  project(kit, main.join(" "));
  const example = path.join(repository, "config", "landscape.yaml");
  const synth = (cwd: string) => {
    const { status, stdout } = spawnSync(cdktf, ["synth"], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, IR_KIT_CONFIG: example, CHECKPOINT_DISABLE: "1", CI: "1" },
    });
    if (status !== 0) throw new Error(stdout);
  };
  const [lowest, ours] = inTurns(
    3,
    () => synth(floor),
    () => synth(kit),
  );
  return {
    what: "cdktf synth above its floor",
    baseline: "one second",
    ratio: (ours - lowest) / 1000,
    goal: 1,
    detail: `${ours.toFixed(0)} ms, floor ${lowest.toFixed(0)} ms`,
  };
}

/**
 * `npm run bench`: every figure is a ratio to a baseline measured in the same run, a round of one after a round of the
 * other, so that whatever else the machine does falls on both. Exit code 1 where a ratio misses its goal.
 */
async function run(): Promise<void> {
  const direct = withMembers(33, example).replace("distribution: stackset", "distribution: direct");
  const measurements = [
    synthesis("synthesis of the example", example, 15),
    synthesis("synthesis of 40 accounts, direct", direct, 7),
    scale(),
    coldSynthesis(),
    cdktfSynth(),
    await decisions(landscapeOf(example)),
    ...start(landscapeOf(example), scratch),
    ...review(scratch),
    ...(await response()),
    ...(await sweep()),
    proofs(),
  ];
  const table = new Table({
    head: ["what", "against", "ratio", "goal", "", "measured"],
    style: { head: [], border: [] },
  });
  for (const { what, baseline, ratio, goal, detail } of measurements) {
    table.push([what, baseline, ratio.toFixed(2), `≤ ${goal}`, ratio <= goal ? "good" : "missed", detail]);
  }
  process.stdout.write(`${table.toString()}\n`);
  const memory = process.memoryUsage.rss() / 1024 / 1024;
  process.stdout.write(`memory of this process at the end: ${memory.toFixed(0)} MiB\n`);
  if (measurements.some(({ ratio, goal }) => ratio > goal)) process.exitCode = 1;
}

run()
  .catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(scratch, { recursive: true, force: true }));
