import { piecesPrefix } from "../landscape/evidence-prefixes";
import type { Landscape } from "../landscape/model";
import { bucketName, type CollectionPlatform, type CollectionStep } from "../landscape/names";
import { caseIdPattern } from "../landscape/tasks";

export interface DocumentParameter {
  readonly type: "String";
  readonly description: string;
  /** As RE2 takes it. */
  readonly allowedPattern: string;
  readonly default?: string;
}

/** Addresses in one command: with their signatures they are the most of what a document's limit leaves room for. */
export const mostParts = 24;

/**
 * Characters of an address's key and of its query, encoded: no quote, space, dollar sign or line end is among them. Of no
 * set length, since RE2 takes repetitions inside one another up to a thousand in all.
 */
const keyCharacters = "[A-Za-z0-9._/-]+";
const signature = "\\?[A-Za-z0-9%&=._~-]+";

const parameter = (description: string, allowedPattern: string, value?: string): DocumentParameter => ({
  type: "String",
  description,
  allowedPattern,
  ...(value !== undefined && { default: value }),
});

const folders = {
  linux: { any: "/[A-Za-z0-9._/-]{0,200}", own: "/ir-kit\\.[A-Za-z0-9]{6}", usual: "/var/cache" },
  windows: {
    any: "[A-Za-z]:(\\\\[A-Za-z0-9._-]{1,60}){1,5}",
    own: "\\\\ir-kit-[0-9a-f-]{36}",
    usual: "C:\\Windows\\Temp",
  },
} as const;

/** Evidence lies in the machine's region or, where there is no place for it, in the home region. */
export function parametersOf(
  landscape: Landscape,
  region: string,
  what: CollectionStep,
  platform: CollectionPlatform,
): Readonly<Record<string, DocumentParameter>> {
  const host = (kind: "evidence" | "tools") =>
    `https://(${[region, landscape.homeRegion]
      .map((one) => `${bucketName(landscape, kind, one)}\\.s3\\.${one}`)
      .join("|")})\\.${landscape.partition.dnsSuffix.replaceAll(".", "\\.")}`;
  const ofCase = caseIdPattern.source.replace(/^\^|\$$/g, "");
  const piece = `${host("evidence")}/${piecesPrefix}${ofCase}/${keyCharacters}${signature}`;
  const { any, own, usual } = folders[platform];
  // What S3 takes in one request: up to 5 GiB ("PutObject", Amazon S3 API reference).
  const partBytes = parameter("Bytes of a part; the last one is what is left", "^[0-9]{7,10}$", "5368709120");
  if (what === "hand-in") {
    return {
      work: parameter("Folder in which it was collected, as collecting has told", `^${any}${own}$`),
      partBytes,
      firstPart: parameter("Number of the part that the first address is for", "^[1-9][0-9]{0,3}$", "1"),
      urls: parameter(
        "Addresses that are signed for a part and its SHA-256 each, in order, apart by commas",
        `^${piece}(,${piece}){0,${mostParts - 1}}$`,
      ),
    };
  }
  return {
    folder: parameter("Where it is kept until it is handed in", `^${any}$`, usual),
    partBytes,
    ...(what === "collect-memory" && {
      toolUrl: parameter(
        "Signed address of the tool in the tools bucket",
        `^${host("tools")}/${keyCharacters}${signature}$`,
      ),
    }),
  };
}
