import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** Builds what is not built yet, as npm has it done before it packs. */
const prepare = () =>
  execFileSync(process.execPath, [path.join("scripts", "prepare.js")], { cwd: repository });

/** As `npm install` of the archive lays it out, with what runs at run time and nothing that develops. */
describe("the package", () => {
  let folder: string;
  let kit: string;

  beforeAll(() => {
    prepare();
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-package-"));
    chmodSync(folder, 0o755);
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
      cwd: repository,
      encoding: "utf8",
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    kit = path.join(folder, "node_modules", "aws-ir-kit");
    mkdirSync(kit, { recursive: true });
    execFileSync("tar", [
      "-xzf",
      path.join(folder, filename),
      "-C",
      kit,
      "--strip-components=1",
      "--no-same-owner",
    ]);
    cpSync(path.join(repository, "config"), path.join(folder, "config"), { recursive: true });
    execFileSync("chmod", ["-R", "a-w,a+rX", kit]);
  });
  afterAll(() => {
    execFileSync("chmod", ["-R", "u+w", folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program of the package as somebody who can write neither there nor at home. */
  function run(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    asSomebodyElse = isRoot,
  ) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(kit, "bin", program), ...args],
      {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: path.join(folder, "no-home"), ...env },
        ...(asSomebodyElse && { uid: nobody, gid: nobody }),
      },
    );
    return { status, stdout, stderr };
  }

  const files = () =>
    readdirSync(kit, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(path.join(kit, name)).isFile())
      .sort();

  it("is run by npx in a clone, as the documents say", () => {
    const said = execFileSync("npx", ["ir-kit", "--version"], { cwd: repository, encoding: "utf8" });
    const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
    expect(said.trim()).toBe(version);
  });

  it("is not built anew, where a clone is prepared in which nothing has changed", () => {
    const built = () => statSync(path.join(repository, "dist", "builds.json")).mtimeMs;
    const before = built();
    prepare();
    expect(built()).toBe(before);
  });

  it("holds what runs, and neither sources nor tests", () => {
    const names = files();
    expect(names.filter((name) => /(^|\/)(test|bench|scripts|stamps)\/|\.ts$/.test(name))).toEqual([]);
    const tops = new Set(names.map((name) => name.split("/")[0]));
    expect([...tops].sort()).toEqual([
      "LICENSE",
      "README.md",
      "bin",
      "config",
      "dist",
      "documents",
      "machines",
      "package.json",
      "policies",
      "review",
    ]);
  });

  it("tells what it holds of others, with their licenses", () => {
    const notices = readFileSync(path.join(kit, "dist", "third-party-notices.txt"), "utf8");
    for (const name of ["ajv", "commander", "yaml", "@aws-sdk/client-ec2", "@smithy/core"]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, "m"));
    }
    expect(notices).not.toContain("AGPL");
  });

  it("runs without any other package, by somebody who can write nowhere", () => {
    const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
      version: string;
    };
    expect(run("ir-kit.js", ["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
    expect(run("ir-kit.js", ["--help"])).toMatchObject({ status: 0, stderr: "" });
    expect(run("ir-kit.js", ["validate"])).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    [["seal", "--yes"]],
    [["respond", "key", "AKIAIOSFODNN7EXAMPLE", "--case", "CASE-1", "--mfa-code", "123456", "--yes"]],
    [["coverage"]],
  ])("speaks to AWS without any other package: %j", (words) => {
    const { status, stderr } = run("ir-kit.js", words, {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "none",
      AWS_REGION: "eu-west-1",
      AWS_MAX_ATTEMPTS: "1",
      IR_KIT_CASES: path.join(folder, "cases"),
    });
    expect(stderr).toMatch(/ECONNREFUSED|connect/);
    expect(status).toBe(1);
  });

  it("synthesizes without esbuild and reviews what it has made, and nothing is written into it", () => {
    const { packages } = JSON.parse(readFileSync(path.join(repository, "package-lock.json"), "utf8")) as {
      packages: Record<string, Installed>;
    };
    for (const [place, { dev, peer }] of Object.entries(packages)) {
      const name = place.replace(/^node_modules\//, "");
      if (place === "" || dev || peer || name.includes("node_modules/")) continue;
      const link = path.join(folder, "node_modules", name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(repository, place), link);
    }
    const before = files();
    const out = path.join(folder, "cdktf.out");
    const noLockFile = expect.stringMatching(
      /^no config\/deployed\.lock\.json: [^\n]+; run: npx ir-kit lock\n$/,
    );
    expect(run("synth.js", [], { CDKTF_OUTDIR: out }, false)).toMatchObject({
      status: 0,
      stderr: noLockFile,
    });
    execFileSync("chmod", ["-R", "a+rX", out]);
    const waivers = path.join(kit, "policies", "waivers.yaml");
    const { status, stdout, stderr } = run("ir-kit.js", ["review", out, "--waivers", waivers]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/\d+ resources, \d+ rules: \d+ passed, 0 failed/);
    expect(files()).toEqual(before);
  });
});

interface Installed {
  readonly dev?: boolean;
  readonly peer?: boolean;
}
