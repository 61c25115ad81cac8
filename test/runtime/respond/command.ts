import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Keys } from "../../local-aws/clients";
import type { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { repository } from "../../support/repository";
import { runInProcess } from "../../support/run-in-process";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A responder's machine: a folder with the landscape, and the emergency user's keys. */
export class Desk {
  readonly directory = mkdtempSync(path.join(tmpdir(), "ir-kit-respond-"));
  private readonly environment: NodeJS.ProcessEnv;
  private readonly variables: Readonly<Record<string, string | undefined>>;

  constructor({ text, front, responder }: EmulatedOrganization) {
    const landscape = path.join(this.directory, "landscape.yaml");
    writeFileSync(landscape, text);
    this.variables = {
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      CI: undefined,
      ...variables(responder),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${front.port}`,
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
      IR_KIT_CONFIG: landscape,
      IR_KIT_CASES: path.join(this.directory, "cases"),
      NO_COLOR: "1",
    };
    this.environment = { ...process.env, ...this.variables };
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs `ir-kit` with words, as somebody types them. */
  readonly run = (...words: string[]): Promise<Ran> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(repository, "bin", "ir-kit.js"), ...words], {
        cwd: this.directory,
        env: this.environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => {
        stdout += String(chunk);
      });
      child.stderr.on("data", (chunk) => {
        stderr += String(chunk);
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });

  /** As {@link run}, within this process and so one at a time: for what is tried in many ways. */
  readonly runHere = async (...words: string[]): Promise<Ran> => {
    const { directory, variables } = this;
    const { exitCode: code, stdout, stderr } = await runInProcess(words, { directory, variables });
    return { code, stdout, stderr };
  };
}

const variables = ({ accessKeyId, secretAccessKey }: Keys) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});
