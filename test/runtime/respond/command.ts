import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Keys } from "../../local-aws/clients";
import type { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { repository } from "../../support/repository";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A responder's machine: a folder with the landscape, and the emergency user's keys. */
export class Desk {
  readonly directory = mkdtempSync(path.join(tmpdir(), "ir-kit-respond-"));
  private readonly environment: NodeJS.ProcessEnv;

  constructor({ text, front, responder }: EmulatedOrganization) {
    const landscape = path.join(this.directory, "landscape.yaml");
    writeFileSync(landscape, text);
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, CI: ___, ...inherited } = process.env;
    this.environment = {
      ...inherited,
      ...variables(responder),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${front.port}`,
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
      IR_KIT_CONFIG: landscape,
      IR_KIT_CASES: path.join(this.directory, "cases"),
      NO_COLOR: "1",
    };
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
}

const variables = ({ accessKeyId, secretAccessKey }: Keys) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});
