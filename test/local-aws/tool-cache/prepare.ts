import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Reporter } from "../../../cli/reporter";
import { DownloadFailed } from "./download";
import { emulatorVersion } from "./emulator";
import { makeEmulatorEnvironment } from "./environment";
import { platformName, toolsFolder } from "./folder";
import type { FoundTool, Search } from "./found";
import { alone } from "./lock";
import { kitProviderFolder, providerPath, providerVersion } from "./mirrors";
import { storageProblem, ToolProblem, ToolsMissing } from "./problems";
import { type BringOptions, bringRelease, downloadProblem, type Release, releasesUrl } from "./release";
import { type Survey, survey } from "./survey";
import { kitTerraformFolder, kitTerraformVersion } from "./terraform";

export interface PrepareOptions {
  /** Take what no pinned digest vouches for. */
  readonly acceptUnverified: boolean;
  readonly reporter: Reporter;
}

export type Tools = Readonly<Record<keyof Survey, FoundTool>>;

/** `--accept-unverified`, or the variable that says the same where there is no command line. */
export const acceptsUnverified = (args: readonly string[]): boolean =>
  args.includes("--accept-unverified") || process.env.IR_KIT_ACCEPT_UNVERIFIED === "1";

/**
 * Finds what the local AWS needs, and brings what is missing into the kit's cache: Terraform, the AWS provider, the
 * emulator. Where another process is bringing them, waits for it.
 *
 * @throws ToolsMissing, one for all that could not be brought
 */
export async function prepareTools(options: PrepareOptions): Promise<Tools> {
  const found = all(survey());
  if (found) {
    sayUnverified(found, options.reporter);
    return found;
  }
  const folder = toolsFolder();
  const wait = () =>
    options.reporter.say(`Another process brings tools into ${folder}; waiting for it to end`);
  try {
    return await alone(folder, wait, () => bringMissing(options));
  } catch (error) {
    const problem = storageProblem(error, folder);
    throw problem === undefined ? error : new ToolsMissing([problem]);
  }
}

async function bringMissing(options: PrepareOptions): Promise<Tools> {
  removePartial();
  const before = survey();
  const problems: ToolProblem[] = [];
  for (const name of ["terraform", "provider", "emulator"] as const) {
    const search = before[name];
    if (ready(search)) continue;
    try {
      await bringOne(name, search, options);
    } catch (error) {
      problems.push(problemOf(name, error));
    }
  }
  if (problems.length > 0) throw new ToolsMissing(problems);
  const after = all(survey());
  if (after) return after;
  throw new Error(`what was brought to ${toolsFolder()} is gone again`);
}

async function bringOne(name: keyof Survey, search: Search, options: PrepareOptions): Promise<void> {
  const { passedOver, named, found } = search;
  if (named && passedOver !== undefined)
    throw new ToolProblem(passedOver, [
      "name another one in that variable, or unset it: the kit then brings its own",
    ]);
  if (passedOver !== undefined) options.reporter.say(`Not taken: ${passedOver}`);
  if (name === "emulator") return bringEmulator(options);
  const release = releases()[name];
  await options.reporter.step(`${release.title}, from ${found?.path ?? releasesUrl()}`, async (detail) => {
    const progress = progressOf(release.title, detail, options.reporter);
    const archive = found && { archive: found.path };
    await bringRelease(release, { ...archive, acceptUnverified: options.acceptUnverified, progress });
  });
}

const bringEmulator = ({ acceptUnverified, reporter }: PrepareOptions): Promise<void> =>
  reporter.step(
    `Emulator: moto ${emulatorVersion} in a Python environment of the kit's own`,
    async (onLine) => {
      await makeEmulatorEnvironment({ acceptUnverified, onLine });
    },
  );

const releases = (): Readonly<Record<"terraform" | "provider", Release>> => ({
  terraform: {
    product: "terraform",
    title: `Terraform ${kitTerraformVersion}`,
    folder: kitTerraformFolder(),
    inside: "bin",
    byHand:
      "install Terraform 1.10 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu 1.10 or later " +
      "(https://opentofu.org/docs/intro/install) by hand",
  },
  provider: {
    product: "terraform-provider-aws",
    title: `The AWS provider ${providerVersion}`,
    folder: kitProviderFolder(),
    inside: path.join("mirror", providerPath, providerVersion, platformName() ?? ""),
    byHand: `bring the AWS provider ${providerVersion} by hand in a file-system mirror, and name it: export IR_KIT_PROVIDER_MIRROR=<folder>`,
  },
});

/** On a terminal all the way; elsewhere a line, when the length is known. */
function progressOf(
  title: string,
  detail: (text: string) => void,
  reporter: Reporter,
): NonNullable<BringOptions["progress"]> {
  let said = false;
  return (bytes, total) => {
    const size = total === undefined ? "" : ` of ${sizeOf(total)}`;
    const share = total === undefined ? "" : ` (${Math.floor((100 * bytes) / total)} %)`;
    if (process.stderr.isTTY) detail(`${sizeOf(bytes)}${size}${share}`);
    else if (!said) reporter.say(`  ${title}: ${total === undefined ? "length unknown" : sizeOf(total)}`);
    said = true;
  };
}

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`;

function problemOf(name: keyof Survey, error: unknown): ToolProblem {
  if (error instanceof ToolProblem) return error;
  if (error instanceof DownloadFailed && name !== "emulator") return downloadProblem(releases()[name], error);
  const problem = storageProblem(error, toolsFolder());
  if (problem) return problem;
  throw error;
}

/** Once accepted, a tool stays in use, and each run says what it is. */
function sayUnverified(tools: Tools, reporter: PrepareOptions["reporter"]): void {
  const unverified = Object.values(tools).filter(({ verdict }) => verdict === "not verified");
  if (unverified.length === 0) return;
  reporter.say(`not verified, and accepted before: ${unverified.map(({ name }) => name).join(", ")}`);
}

/** A packed mirror does for Terraform; the local AWS runs the provider itself and needs it unpacked. */
const ready = ({ found }: Search): boolean =>
  found !== undefined && !(found.origin === "provider mirror" && found.path.endsWith(".zip"));

function all({ terraform, provider, emulator }: Survey): Tools | undefined {
  if (![terraform, provider, emulator].every(ready)) return undefined;
  if (!terraform.found || !provider.found || !emulator.found) return undefined;
  return { terraform: terraform.found, provider: provider.found, emulator: emulator.found };
}

/** What a process that was ended has left; whoever holds the lock is alone here. */
function removePartial(): void {
  const folder = toolsFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name.startsWith("partial-")) rmSync(path.join(folder, name), { recursive: true, force: true });
}
