import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import { emulatorVersion } from "./emulator";
import type { FoundTool } from "./found";
import { type Finished, KitCopy, pinsWith, rightDigests, sha256 } from "./kit-copy";
import { deadUrl, type LoopbackServer, type ServedFile, serveFiles } from "./loopback";
import { parseRequirements, readRequirements } from "./pins";

/** A package with the emulator's name and a program that says what it is. */
const wheelName = `moto-${emulatorVersion}-py3-none-any.whl`;
const about = `moto-${emulatorVersion}.dist-info`;
const wheel = zipSync(
  Object.fromEntries(
    Object.entries({
      "moto/__init__.py": "def main():\n    print('the emulator')\n",
      [`${about}/METADATA`]: `Metadata-Version: 2.1\nName: moto\nVersion: ${emulatorVersion}\n`,
      [`${about}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      [`${about}/entry_points.txt`]: "[console_scripts]\nmoto_server = moto:main\n",
      [`${about}/RECORD`]: "",
    }).map(([name, text]) => [name, Buffer.from(text)]),
  ),
  { mtime: "2025-01-01" },
);

/** An environment without packages: Python takes seconds to make one, and most tests are about what pip does in it. */
let emptyEnvironment: string;
let kit: KitCopy;
let index: LoopbackServer;

beforeAll(() => {
  emptyEnvironment = mkdtempSync(path.join(tmpdir(), "ir-kit-python-"));
  execFileSync(realPython(), ["-m", "venv", emptyEnvironment]);
});

afterAll(() => rmSync(emptyEnvironment, { recursive: true }));

beforeEach(async () => {
  kit = await KitCopy.make(pinsWith(rightDigests("terraform"), rightDigests("terraform-provider-aws")));
  kit.script("terraform", `echo '{"terraform_version":"1.11.4"}'`);
  const files = new Map<string, ServedFile>([
    ["/simple/moto/", { content: `<a href="../../${wheelName}">${wheelName}</a>`, type: "text/html" }],
    [`/${wheelName}`, { content: wheel }],
  ]);
  index = await serveFiles(files);
});

afterEach(async () => {
  kit.remove();
  await index.close();
});

/** The machine's own Python, beyond any wrapper. */
const realPython = (): string =>
  execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();

/** The machine's Python, which copies the environment that it would make. */
const quickPython = (): void => {
  const makes = '[ "$1 $2" = "-m venv" ]';
  kit.script(
    "python3",
    `${makes} && exec /bin/cp -R '${emptyEnvironment}/.' "$3"; exec '${realPython()}' "$@"`,
  );
};

const run = (args: readonly string[], url = index.url): Promise<Finished> =>
  kit.run(args, {
    environment: {
      IR_KIT_PROVIDER_MIRROR: kit.mirror(),
      PIP_INDEX_URL: `${url}/simple`,
      PIP_CONFIG_FILE: "/dev/null",
      PIP_RETRIES: "0",
    },
  });

const emulatorOf = ({ stdout }: Finished) =>
  (JSON.parse(stdout) as { readonly emulator: FoundTool }).emulator;

const nothingLeft = () =>
  expect(readdirSync(kit.tools).filter((name) => name.startsWith("emulator-"))).toEqual([]);

const hashed = (hash: string) => `moto==${emulatorVersion} \\\n    --hash=sha256:${hash}\n`;

describe("the emulator's own Python environment", () => {
  it("is made with packages that pip checks, runs, and is found by the next run", async () => {
    kit.link("python3", realPython());
    kit.require(hashed(sha256(wheel)));
    const first = await run(["--json"]);
    expect(first.stderr).not.toContain("needs what could not be brought");
    const emulator = emulatorOf(first);
    expect(emulator).toMatchObject({ version: emulatorVersion, origin: "kit", verdict: "verified" });
    expect(emulator.path.startsWith(kit.tools)).toBe(true);
    expect(spawnSync(emulator.path, { encoding: "utf8" }).stdout).toBe("the emulator\n");
    const asked = index.asked.length;
    expect(await run(["--quiet"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(index.asked).toHaveLength(asked);
  });

  it("is not made of a package with another digest", async () => {
    quickPython();
    kit.require(hashed("0".repeat(64)));
    const { exitCode, stderr } = await run(["--accept-unverified"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("pip install ended with exit code 1");
    expect(stderr).toContain(sha256(wheel));
    nothingLeft();
  });

  it("wants a word where a package has no digest, and says not verified", async () => {
    quickPython();
    const refused = await run([]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("not verified");
    expect(refused.stderr).toContain("--accept-unverified");
    expect(index.asked).toEqual([]);
    expect(emulatorOf(await run(["--accept-unverified", "--json"])).verdict).toBe("not verified");
  });

  it("is missed with what helps where the index does not answer", async () => {
    quickPython();
    kit.require(hashed(sha256(wheel)));
    const { exitCode, stderr } = await run([], await deadUrl());
    expect(exitCode).toBe(2);
    expect(stderr).toContain("pip install ended with exit code 1");
    expect(stderr).toContain("export PIP_INDEX_URL=");
    nothingLeft();
  });

  it("takes the place of an emulator of another version on the PATH", async () => {
    quickPython();
    kit.require(hashed(sha256(wheel)));
    const other = kit.emulator("5.1.0");
    const finished = await run(["--json"]);
    expect(finished.stderr).toContain(`Not taken: ${other} is of moto 5.1.0; ${emulatorVersion} is needed`);
    expect(emulatorOf(finished)).toMatchObject({ version: emulatorVersion, origin: "kit" });
  });
});

describe("a machine that can't make the emulator's environment", () => {
  const says = (python: object) => `echo '${JSON.stringify(python)}'`;

  it.each([
    ["no Python", undefined, "python3 is not on the PATH"],
    ["a Python that does not run", "exit 127", "does not run (exit code 127)"],
    ["an old Python", says({ version: [3, 9], venv: true, ensurepip: true }), "is 3.9"],
    [
      "Debian's Python without venv",
      says({ version: [3, 13], venv: true, ensurepip: false }),
      "no ensurepip",
    ],
  ])("because it has %s is told what to install", async (_, script, message) => {
    if (script !== undefined) kit.script("python3", script);
    const { exitCode, stderr } = await run(["--accept-unverified"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/apt-get install .*python3-venv|brew install python/);
    expect(stderr).not.toMatch(/^\s+at /m);
    nothingLeft();
  });
});

describe("the pinned packages", () => {
  it("include the emulator in the version that the kit asks for, each once", () => {
    const requirements = parseRequirements(readFileSync(readRequirements().file, "utf8"));
    expect(requirements.find(({ name }) => name === "moto")?.version).toBe(emulatorVersion);
    expect(new Set(requirements.map(({ name }) => name)).size).toBe(requirements.length);
  });

  it("are checked only where each has a digest", () => {
    const file = path.join(kit.root, "requirements.txt");
    writeFileSync(file, `${hashed("a".repeat(64))}boto3==1.0.0\n`);
    expect(readRequirements(file).hashed).toBe(false);
    writeFileSync(file, hashed("a".repeat(64)));
    expect(readRequirements(file).hashed).toBe(true);
    expect(() => parseRequirements("moto>=5\n")).toThrow('"moto>=5" pins no version');
  });
});
