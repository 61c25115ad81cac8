import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { findProgram, type Run, run } from "../../../cli/terraform";
import { type EmulatorReceipt, emulatorVersion, kitEmulatorFolder, versionOf } from "./emulator";
import { type Requirements, readRequirements } from "./pins";
import { ToolProblem } from "./problems";
import { writeReceipt } from "./receipts";

/** What moto's packages need. */
const oldestPython = [3, 11] as const;

export interface EnvironmentOptions {
  readonly acceptUnverified: boolean;
  readonly onLine?: (line: string) => void;
  readonly requirements?: Requirements;
}

const title = `The emulator (moto ${emulatorVersion})`;
const byHand = `install the emulator by hand: python3 -m pip install 'moto[server]==${emulatorVersion}'`;

/**
 * Makes a Python environment of the kit's own with the pinned packages. It can't be renamed when it is whole, since
 * its programs hold its path: until its receipt is written, it is not there.
 *
 * @throws ToolProblem
 */
export async function makeEmulatorEnvironment(options: EnvironmentOptions): Promise<EmulatorReceipt> {
  const requirements = options.requirements ?? readRequirements();
  const python = await pythonProgram();
  if (!requirements.hashed && !options.acceptUnverified) throw unverified();
  const folder = kitEmulatorFolder(requirements);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  try {
    must(await runPython(python, ["-m", "venv", folder], options), `${python} -m venv`, [installVenv()]);
    const own = path.join(folder, "bin", "python");
    must(await runPython(own, pipArguments(requirements), options), "pip install", pipRemedies());
    const version = versionOf(path.join(folder, "bin", "moto_server"));
    if (version !== emulatorVersion)
      throw new ToolProblem(`${title}: what pip installed does not run (it says ${version ?? "nothing"})`, [
        byHand,
      ]);
    const receipt = { version, python, hashed: requirements.hashed };
    writeReceipt(folder, receipt);
    return receipt;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

const pipArguments = ({ file, hashed }: Requirements): readonly string[] => [
  ...["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-deps"],
  "--prefer-binary",
  ...(hashed ? ["--require-hashes"] : []),
  ...["-r", file],
];

/** Without what would lead Python to packages outside of the environment. */
function runPython(program: string, args: readonly string[], { onLine }: EnvironmentOptions): Promise<Run> {
  const { PYTHONPATH: _, PYTHONHOME: __, ...environment } = process.env;
  return run(program, args, { environment, ...(onLine && { onLine }) });
}

function must({ exitCode, output }: Run, what: string, remedies: readonly string[]): void {
  if (exitCode === 0) return;
  const end = output.trim().split("\n").slice(-4).join("\n    ");
  throw new ToolProblem(`${title}: ${what} ended with exit code ${exitCode}:\n    ${end}`, remedies);
}

interface Python {
  readonly version: readonly [number, number];
  readonly venv: boolean;
  readonly ensurepip: boolean;
}

const question = `
import importlib.util, json, sys
here = lambda name: importlib.util.find_spec(name) is not None
print(json.dumps({"version": sys.version_info[:2], "venv": here("venv"), "ensurepip": here("ensurepip")}))`;

/** Python 3.11 or later that can make environments. */
async function pythonProgram(): Promise<string> {
  const program = findProgram("python3");
  if (program === undefined)
    throw new ToolProblem(`${title} needs Python 3.11 or later: python3 is not on the PATH`, [
      installPython(),
      byHand,
    ]);
  const { exitCode, stdout } = await run(program, ["-c", question]);
  const python = exitCode === 0 ? (JSON.parse(stdout) as Python) : undefined;
  if (!python)
    throw new ToolProblem(`${title}: ${program} does not run (exit code ${exitCode})`, [
      installPython(),
      byHand,
    ]);
  const [major, minor] = python.version;
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1]))
    throw new ToolProblem(
      `${title} needs Python ${oldestPython.join(".")} or later; ${program} is ${major}.${minor}`,
      [installPython(), byHand],
    );
  if (!python.venv || !python.ensurepip)
    throw new ToolProblem(
      `${title}: ${program} can't make a Python environment (no ${python.venv ? "ensurepip" : "venv"})`,
      [installVenv(), byHand],
    );
  return program;
}

const onMac = process.platform === "darwin";

const installPython = (): string =>
  onMac
    ? "install Python: brew install python"
    : "install Python: sudo apt-get install python3 python3-venv (Debian, Ubuntu), sudo dnf install python3 (Fedora)";

const installVenv = (): string =>
  onMac
    ? "install a whole Python: brew install python"
    : "install Python's venv: sudo apt-get install python3-venv (Debian, Ubuntu)";

const pipRemedies = (): readonly string[] => [
  "behind a proxy, name it: export HTTPS_PROXY=http://<host>:<port>",
  "where your company has a package index, name it: export PIP_INDEX_URL=https://<host>/<path>/simple",
  byHand,
];

const unverified = (): ToolProblem =>
  new ToolProblem(
    `${title} would be not verified: the kit pins its packages' versions, and not all of their digests`,
    [
      "`npm run pin` fills in the digests that the package index publishes",
      "--accept-unverified (npm start -- --accept-unverified; for npm test IR_KIT_ACCEPT_UNVERIFIED=1) takes what the server gives",
      byHand,
    ],
  );
