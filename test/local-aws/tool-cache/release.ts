import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { type DownloadFailed, download, type Progress } from "./download";
import { platformName, toolsFolder } from "./folder";
import { type Digests, type Pins, type Product, pins as pinned } from "./pins";
import { ToolProblem } from "./problems";
import { judge, type Receipt, writeReceipt } from "./receipts";
import { digestOf, UnsoundArchive, unpack } from "./unpack";

/** Where HashiCorp's releases lie; a company's own copy has the same paths below another address. */
export const releasesUrl = (): string =>
  (process.env.IR_KIT_RELEASES_URL ?? "https://releases.hashicorp.com").replace(/\/+$/, "");

export const archiveUrl = (product: Product, version: string, platform: string): string =>
  `${releasesUrl()}/${product}/${version}/${product}_${version}_${platform}.zip`;

export interface Release {
  readonly product: Product;
  /** In words, for messages. */
  readonly title: string;
  /** Where it lies when it is there whole. */
  readonly folder: string;
  /** Folder of the program below that. */
  readonly inside: string;
  /** What a person does who brings it by hand. */
  readonly byHand: string;
}

export interface BringOptions {
  readonly acceptUnverified: boolean;
  readonly progress?: Progress;
  /** A zip file of this machine in the place of a download. */
  readonly archive?: string;
  readonly pins?: Pins;
}

const programNames: Readonly<Record<Product, RegExp>> = {
  terraform: /^terraform$/,
  "terraform-provider-aws": /^terraform-provider-aws_v/,
};

/**
 * Brings a release: downloaded and unpacked under a temporary name, checked, and renamed when it is whole.
 *
 * @throws ToolProblem, DownloadFailed; the system's error where a file can't be written
 */
export async function bringRelease(release: Release, options: BringOptions): Promise<Receipt> {
  const platform = platformName();
  const { version, platforms } = (options.pins ?? pinned)[release.product];
  const digests = platforms[platform ?? ""];
  if (platform === undefined || digests === undefined) throw unknownMachine(release);
  if (!options.acceptUnverified && judge(digests, digests) === "not verified")
    throw unverified(release, platform);

  const partial = mkdtempSync(path.join(toolsFolder(), "partial-"));
  try {
    const url = archiveUrl(release.product, version, platform);
    const source = options.archive ?? url;
    const archive = options.archive ?? path.join(partial, "archive.zip");
    const digest =
      options.archive === undefined
        ? await download(url, archive, options.progress)
        : await digestOf(options.archive);
    refuseWrong(release, source, { archive: digest, program: "" }, digests);
    const whole = path.join(partial, "whole");
    const receipt = await unpackChecked({ release, version, source, archive, whole, digest, digests });
    if (options.archive === undefined) rmSync(archive);
    writeReceipt(whole, receipt);
    rmSync(release.folder, { recursive: true, force: true });
    renameSync(whole, release.folder);
    return receipt;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

interface Unpacking {
  readonly release: Release;
  readonly version: string;
  readonly source: string;
  readonly archive: string;
  readonly whole: string;
  /** Of the archive, and those that are pinned. */
  readonly digest: string;
  readonly digests: Digests;
}

async function unpackChecked({
  release,
  version,
  source,
  archive,
  whole,
  digest,
  digests,
}: Unpacking): Promise<Receipt> {
  const folder = path.join(whole, release.inside);
  mkdirSync(folder, { recursive: true });
  const program = await unpack(archive, folder, (name) => programNames[release.product].test(name)).catch(
    (error: unknown) => {
      if (!(error instanceof UnsoundArchive)) throw error;
      throw new ToolProblem(`${release.title} from ${source}: ${error.message}`, [release.byHand], {
        cause: error,
      });
    },
  );
  const brought = { archive: digest, program: program.digest };
  refuseWrong(release, source, brought, digests);
  return { version, source, digests: brought, size: program.size };
}

function refuseWrong(release: Release, source: string, brought: Digests, digests: Digests): void {
  if (judge(brought, digests) !== "wrong") return;
  const part = brought.program === "" ? "archive" : "program";
  throw new ToolProblem(
    `${release.title} from ${source} is not what the kit pins: the ${part}'s SHA-256 is ${brought[part]}, ` +
      `and ${digests[part]} is expected; it was thrown away`,
    [
      "try again; where the digest stays wrong, a proxy or a mirror on the way changes the file: ask who runs it",
      release.byHand,
    ],
  );
}

const unverified = (release: Release, platform: string): ToolProblem =>
  new ToolProblem(`${release.title} for ${platform} would be not verified: the kit pins no digest for it`, [
    "`npm run pin` fills in the digests that HashiCorp publishes",
    "--accept-unverified (npm start -- --accept-unverified; for npm test IR_KIT_ACCEPT_UNVERIFIED=1) takes what the server gives",
    release.byHand,
  ]);

const unknownMachine = (release: Release): ToolProblem =>
  new ToolProblem(
    `${release.title} is not brought for ${process.platform} on ${process.arch}: ` +
      "the kit knows Linux and macOS, on amd64 and arm64",
    [release.byHand],
  );

/** What a failed download means for its tool. */
export function downloadProblem(release: Release, error: DownloadFailed): ToolProblem {
  const remedies = {
    unreachable: [
      error.proxy === undefined
        ? "behind a proxy, name it: export HTTPS_PROXY=http://<host>:<port>"
        : "see that HTTPS_PROXY and HTTP_PROXY name the proxy, and NO_PROXY what is reached without it",
      "where your company keeps a copy of releases.hashicorp.com, name it: export IR_KIT_RELEASES_URL=https://<host>/<path>",
    ],
    refused: ["see that IR_KIT_RELEASES_URL, if set, names a copy of releases.hashicorp.com"],
    "cut off": ["try again: nothing was kept"],
  };
  return new ToolProblem(`${release.title}: ${error.message}`, [...remedies[error.failure], release.byHand], {
    cause: error,
  });
}
