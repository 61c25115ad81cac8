import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Run } from "../../../cli/terraform";

/** What each step of making the template came to; the tests of `deploy.test.ts` judge it. */
export interface Steps {
  /** Bootstrap without being told to go on. */
  readonly unasked: Run;
  readonly bootstrap: Run;
  /** Bootstrap, once more. */
  readonly again: Run;
  /** Text of the landscape, before and after each of these. */
  readonly landscapes: { readonly given: string; readonly afterUnasked: string; readonly written: string };
  /** What stood before the kit came: which unit, how it is then found, and how it was to be found. */
  readonly foreign: { readonly unitId: string; readonly found: unknown };
  readonly synth: Run;
  /** Plans of every stack before any but the organization's was applied. */
  readonly plans: readonly (readonly [stack: string, Run])[];
  /** The stacks that cdktf deploys, with providers that Terraform starts itself. */
  readonly cdktf: Run;
  /** The others, applied by Terraform: each by the plan that was kept, where there is one. */
  readonly applied: readonly (readonly [stack: string, Run])[];
  /** Calls that neither emulator nor front could answer. */
  readonly unanswered: Readonly<Record<string, number>>;
}

export type Status =
  | { readonly state: "deploying"; readonly processId: number; readonly step: string }
  | { readonly state: "failed"; readonly processId: number; readonly message: string }
  | {
      readonly state: "ready";
      readonly processId: number;
      /** Where forks are asked for. */
      readonly port: number;
    };

/** Where the process that makes the template and those that wait for it write and read. */
export class TemplateFolder {
  readonly log: string;
  readonly plans: string;
  private readonly statusFile: string;
  private readonly stepsFile: string;

  constructor(readonly directory: string) {
    this.log = path.join(directory, "template.log");
    this.plans = path.join(directory, "plans");
    this.statusFile = path.join(directory, "status.json");
    this.stepsFile = path.join(directory, "steps.json");
  }

  make(): void {
    mkdirSync(this.plans, { recursive: true, mode: 0o700 });
  }

  /** A plan as JSON. */
  readonly planFile = (stack: string): string => path.join(this.plans, `${stack}.json`);

  readonly status = (): Status | undefined => readJson<Status>(this.statusFile);
  readonly steps = (): Partial<Steps> => readJson<Partial<Steps>>(this.stepsFile) ?? {};

  say(status: Status): void {
    writeJson(this.statusFile, status);
  }

  keep(steps: Partial<Steps>): void {
    writeJson(this.stepsFile, { ...this.steps(), ...steps });
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written aside and renamed: nobody reads half a file. */
function writeJson(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}
