import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { zipSync } from "fflate";
import { repository } from "../../support/repository";
import { platformName } from "./folder";
import type { Digests, Pins, Product } from "./pins";

export const platform = platformName() ?? "";

export const sha256 = (content: Uint8Array | string): string =>
  createHash("sha256").update(content).digest("hex");

/** Programs in the place of the real ones: what they are is told by their digests only. */
export const programs: Readonly<Record<Product, { readonly name: string; readonly content: string }>> = {
  terraform: { name: "terraform", content: '#!/bin/sh\necho \'{"terraform_version":"1.11.4"}\'\n' },
  "terraform-provider-aws": { name: "terraform-provider-aws_v5.100.0_x5", content: "#!/bin/sh\nexit 1\n" },
};

/** A release's zip file, as HashiCorp lays it out. */
export const archiveOf = (product: Product): Uint8Array =>
  zipSync(
    {
      "LICENSE.txt": Buffer.from("licence"),
      [programs[product].name]: Buffer.from(programs[product].content),
    },
    // Of one date, so that its digest is one too.
    { mtime: "2025-01-01" },
  );

export const archivePath = (product: Product, version: string): string =>
  `/${product}/${version}/${product}_${version}_${platform}.zip`;

export const rightDigests = (product: Product): Digests => ({
  archive: sha256(archiveOf(product)),
  program: sha256(programs[product].content),
});

export const pinsWith = (terraform: Digests, provider: Digests): Pins => ({
  terraform: { version: "1.11.4", platforms: { [platform]: terraform } },
  "terraform-provider-aws": { version: "5.100.0", platforms: { [platform]: provider } },
});

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: number;
  /** Told of standard error as it comes. */
  readonly onError?: (text: string) => void;
}

const source = path.join(repository, "test", "local-aws", "tool-cache");

let built: Promise<Uint8Array> | undefined;

/** The command with all that it imports, but for the pins, which it reads beside itself. */
function bundle(): Promise<Uint8Array> {
  built ??= build({
    entryPoints: [path.join(source, "command.ts")],
    bundle: true,
    write: false,
    outfile: path.join(source, "command.js"),
    platform: "node",
    target: "node20",
    logLevel: "error",
    external: ["*/tool-digests.json"],
  }).then(({ outputFiles }) => outputFiles[0]?.contents ?? new Uint8Array());
  return built;
}

/**
 * The command `npm run tools` as a file of its own, in a folder whose name has a space and a letter beyond ASCII, with
 * pins and requirements of the test: so it runs where nothing of this machine is to be found, and as any user.
 */
export class KitCopy {
  readonly root = mkdtempSync(path.join(tmpdir(), "ir-kit tools ä-"));
  readonly home = path.join(this.root, "home");
  readonly tools = path.join(this.home, ".cache", "aws-ir-kit", "tools");
  private readonly programs = path.join(this.root, "bin");
  private readonly entry = path.join(this.root, "command.js");

  static async make(pins: Pins): Promise<KitCopy> {
    const copy = new KitCopy();
    await copy.build(pins);
    return copy;
  }

  private async build(pins: Pins): Promise<void> {
    chmodSync(this.root, 0o755);
    for (const folder of [this.home, this.programs]) mkdirSync(folder);
    // What is left on the PATH: a shell's own programs, and none of those that the kit looks for.
    for (const name of ["sh", "dirname", "env"])
      symlinkSync(path.join("/usr/bin", name), path.join(this.programs, name));
    writeFileSync(path.join(this.root, "package.json"), JSON.stringify({ name: "aws-ir-kit" }));
    const folder = path.join(this.root, "test", "local-aws", "tool-cache");
    cpSync(path.join(source, "version-probe"), path.join(folder, "version-probe"), { recursive: true });
    this.require("moto==5.2.1\n");
    writeFileSync(path.join(this.root, "tool-digests.json"), JSON.stringify(pins));
    writeFileSync(this.entry, await bundle());
  }

  /** Sets the packages of the emulator. */
  require(requirements: string): void {
    writeFileSync(
      path.join(this.root, "test", "local-aws", "tool-cache", "emulator-requirements.txt"),
      requirements,
    );
  }

  /** Puts a shell script on the PATH. */
  script(name: string, content: string): string {
    const file = path.join(this.programs, name);
    writeFileSync(file, `#!/bin/sh\n${content}\n`, { mode: 0o755 });
    return file;
  }

  /** Puts a program of this machine on the PATH. */
  link(name: string, target: string): void {
    this.script(name, `exec '${target}' "$@"`);
  }

  /** Something that says it runs moto in this version; what the kit is told of the real one is the same. */
  emulator(version: string): string {
    const location = path.join(this.root, `site ${version}`);
    mkdirSync(path.join(location, `moto-${version}.dist-info`), { recursive: true });
    return this.script("moto_server", `echo '${JSON.stringify({ version, location })}'`);
  }

  /** A mirror that holds the provider. */
  mirror(): string {
    const root = path.join(this.root, "mirror");
    const folder = path.join(root, "registry.terraform.io", "hashicorp", "aws", "5.100.0", platform);
    const { name, content } = programs["terraform-provider-aws"];
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), content, { mode: 0o755 });
    return root;
  }

  /** Gives the home folder to a user. */
  give(user: number): void {
    chownSync(this.home, user, user);
  }

  run(args: readonly string[], { environment = {}, user, onError }: RunSettings = {}): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...this.preloads(environment), this.entry, ...args], {
        cwd: this.root,
        env: { PATH: this.programs, HOME: this.home, IR_KIT_PROVIDER_MIRROR: "", ...environment },
        ...(user !== undefined && { uid: user, gid: user }),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
        onError?.(stderr);
      });
      child.on("error", reject);
      child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  }

  /** `PRELOAD` in the environment names a script that Node loads first. */
  private readonly preloads = ({ PRELOAD }: Readonly<Record<string, string>>): readonly string[] =>
    PRELOAD === undefined ? [] : ["--require", PRELOAD];

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
