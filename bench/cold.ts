import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../test/support/repository";
import { exampleFile, withMembers } from "./landscapes";
import { inTurns, type Measurement, median, milliseconds } from "./measurement";
import type { Scratch } from "./scratch";

const main = ["node", path.join(repository, "bin", "synth.js")];

/** Syntheses in a fresh process, as a user starts them. */
export function* cold(scratch: Scratch): Iterable<Measurement> {
  yield scale(scratch);
  yield coldSynthesis(scratch);
  yield cdktfSynth(scratch);
}

function synthesize(scratch: Scratch, landscape: string): void {
  const { status, stderr } = spawnSync(main[0] ?? "", main.slice(1), {
    cwd: repository,
    encoding: "utf8",
    env: {
      ...process.env,
      IR_KIT_CONFIG: landscape,
      CDKTF_OUTDIR: scratch.folder(),
      CHECKPOINT_DISABLE: "1",
      CI: "1",
    },
  });
  if (status !== 0) throw new Error(`${main.join(" ")} failed: ${stderr}`);
}

function scale(scratch: Scratch): Measurement {
  const fileOf = (count: number) => {
    const file = path.join(scratch.directory, `members-${count}.yaml`);
    writeFileSync(file, withMembers(count));
    return file;
  };
  const [few, many] = [fileOf(10), fileOf(10_000)];
  const [small, large] = inTurns(
    5,
    () => synthesize(scratch, few),
    () => synthesize(scratch, many),
  );
  return {
    what: "main.ts with 10,000 members, cold",
    baseline: "main.ts with 10 members, cold",
    ratio: large / small,
    goal: 1.5,
    detail: `${large.toFixed(0)} ms of ${small.toFixed(0)} ms`,
  };
}

function coldSynthesis(scratch: Scratch): Measurement {
  const second = 1000;
  const times = Array.from({ length: 5 }, () => milliseconds(() => synthesize(scratch, exampleFile)));
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
function cdktfSynth(scratch: Scratch): Measurement {
  const cdktf = path.join(repository, "node_modules", ".bin", "cdktf");
  const floor = scratch.folder();
  const kit = scratch.folder();
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
  const synth = (cwd: string) => {
    const { status, stdout } = spawnSync(cdktf, ["synth"], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, IR_KIT_CONFIG: exampleFile, CHECKPOINT_DISABLE: "1", CI: "1" },
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
