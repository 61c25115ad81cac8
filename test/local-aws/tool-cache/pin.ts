import { downloadText } from "./download";
import { type Digests, type Pin, type Pins, type Product, parseRequirements, type Requirement } from "./pins";
import { releasesUrl } from "./release";

/** A published digest is another than the pinned one: a release does not change, so somebody has to look. */
export class PinDiffers extends Error {}

/** The package index' own interface for programs. */
const indexUrl = (): string =>
  (process.env.IR_KIT_PACKAGE_INDEX_URL ?? "https://pypi.org/pypi").replace(/\/+$/, "");

/**
 * Fills in the archives' digests from the list that HashiCorp publishes with each release.
 *
 * @throws DownloadFailed, PinDiffers
 */
export async function pinReleases(pins: Pins): Promise<Pins> {
  const terraform = await pinRelease("terraform", pins.terraform);
  const provider = await pinRelease("terraform-provider-aws", pins["terraform-provider-aws"]);
  return { terraform, "terraform-provider-aws": provider };
}

async function pinRelease(product: Product, pin: Pin): Promise<Pin> {
  const stem = `${product}_${pin.version}`;
  const published = parseSums(
    await downloadText(`${releasesUrl()}/${product}/${pin.version}/${stem}_SHA256SUMS`),
  );
  const platforms = Object.entries(pin.platforms).map(([platform, digests]): [string, Digests] => {
    const name = `${stem}_${platform}.zip`;
    const archive = published.get(name);
    if (archive === undefined) throw new PinDiffers(`${releasesUrl()} publishes no digest of ${name}`);
    if (digests.archive !== "" && digests.archive !== archive)
      throw new PinDiffers(
        `${name}: pinned is ${digests.archive}, published is ${archive}; a release does not change`,
      );
    return [platform, { ...digests, archive }];
  });
  return { ...pin, platforms: Object.fromEntries(platforms) };
}

/** Lines of `sha256sum`, by file name. */
const parseSums = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^([0-9a-f]{64})\s+(\S+)$/gm)].map(([, digest = "", name = ""]) => [name, digest]),
  );

interface IndexEntry {
  readonly urls: readonly { readonly packagetype: string; readonly digests: { readonly sha256: string } }[];
}

/** The requirements file with the SHA-256 of each wheel that the package index has of each version; where it has none, of its source. */
export async function pinRequirements(text: string): Promise<string> {
  const comments = text.split("\n").filter((line) => line.startsWith("#"));
  const blocks: string[] = [];
  for (const requirement of parseRequirements(text)) blocks.push(await pinRequirement(requirement));
  return `${[...comments, ...blocks].join("\n")}\n`;
}

async function pinRequirement({ name, version, hashes }: Requirement): Promise<string> {
  const { urls } = JSON.parse(await downloadText(`${indexUrl()}/${name}/${version}/json`)) as IndexEntry;
  const wheels = urls.filter(({ packagetype }) => packagetype === "bdist_wheel");
  const published = (wheels.length > 0 ? wheels : urls).map(({ digests }) => digests.sha256);
  const gone = hashes.find((hash) => !published.includes(hash));
  if (gone !== undefined)
    throw new PinDiffers(
      `${name} ${version}: ${gone} is pinned, and the package index publishes no such file`,
    );
  if (published.length === 0) throw new PinDiffers(`${name} ${version}: the package index has no file of it`);
  return [`${name}==${version}`, ...published.sort().map((hash) => `    --hash=sha256:${hash}`)].join(
    " \\\n",
  );
}
