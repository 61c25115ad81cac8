import { readFileSync } from "node:fs";
import path from "node:path";
import { piecesPrefix } from "../landscape/evidence-prefixes";
import { kitFolder } from "../landscape/kit-folder";
import type { Forensics, Landscape, Tool } from "../landscape/model";
import { bucketName, type CollectionKind, collectionDocumentName, collectionKinds } from "../landscape/names";
import { caseIdPattern } from "../landscape/tasks";
import { sub, type TemplateResource } from "./template";

/**
 * What machines of a case run for the task `evidence`, as Systems Manager takes it. Source: "Schemas, features, and
 * examples" of documents (AWS Systems Manager user guide), schema 2.2.
 *
 * A machine that is suspected gets no permission of its own. It collects and tells the SHA-256 of each part, and hands in
 * by addresses that a responder has signed after that, each for one piece below the case and for those bytes. Values stand in scripts between quotes, where the patterns let nothing end them; values as
 * environment variables need an agent of 2025, which machines under suspicion may lack.
 */
export interface CommandDocument {
  readonly schemaVersion: "2.2";
  readonly description: string;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps: readonly DocumentStep[];
}

export interface DocumentParameter {
  readonly type: "String";
  readonly description: string;
  /** As RE2 takes it. */
  readonly allowedPattern: string;
  readonly default?: string;
}

export interface DocumentStep {
  readonly action: "aws:runShellScript" | "aws:runPowerShellScript";
  readonly name: string;
  readonly precondition: { readonly StringEquals: readonly ["platformType", "Linux" | "Windows"] };
  readonly inputs: { readonly timeoutSeconds: string; readonly runCommand: readonly string[] };
}

/** Bytes, parameters included. Source: "CreateDocument" (AWS Systems Manager API reference). */
export const documentLimit = 65_536;

/** Addresses in one command: with their signatures they are the most of what a document's limit leaves room for. */
export const mostParts = 24;

/** Every document as it stands in a region, by its name in AWS. */
export const collectionDocuments = (
  landscape: Landscape,
  forensics: Forensics,
  region: string,
): Readonly<Record<string, CommandDocument>> =>
  Object.fromEntries(
    collectionKinds.map((kind) => [
      collectionDocumentName(landscape, kind),
      collectionDocument(landscape, forensics, kind, region),
    ]),
  );

/** The same as resources of the regional baseline. A new text becomes the default version of the same document. */
export const documentResources = (
  landscape: Landscape,
  forensics: Forensics,
): Readonly<Record<string, TemplateResource>> =>
  Object.fromEntries(
    Object.entries(collectionDocuments(landscape, forensics, regionReference)).map(([name, content]) => [
      name
        .replace(/^.*-(?=collect-|hand-in-)/, "-")
        .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      {
        Type: "AWS::SSM::Document",
        Properties: {
          Name: name,
          DocumentType: "Command",
          DocumentFormat: "JSON",
          TargetType: "/AWS::EC2::Instance",
          UpdateMethod: "NewVersion",
          Content: { ...content, parameters: filledIn(content.parameters) },
        },
      },
    ]),
  );

const regionReference = "${AWS::Region}";

/** CloudFormation says which region it is; the rest of a document is left alone. */
const filledIn = (parameters: CommandDocument["parameters"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const { allowedPattern } = parameter;
      const inRegion = allowedPattern.includes(regionReference);
      return [name, { ...parameter, allowedPattern: inRegion ? sub(allowedPattern) : allowedPattern }];
    }),
  );

type What = "collect-live" | "collect-memory" | "hand-in";
type Platform = "linux" | "windows";

const titles: Readonly<Record<What, string>> = {
  "collect-live": "What a running machine tells of itself, kept on it until it is handed in",
  "collect-memory": "A machine's memory, kept on it until it is handed in",
  "hand-in": "What was collected, into the evidence of a case",
};

/** Seconds: hundreds of gigabytes take hours, and a hung question must not. */
const patience: Readonly<Record<What, number>> = {
  "collect-live": 1_800,
  "collect-memory": 10_800,
  "hand-in": 10_800,
};

function collectionDocument(
  landscape: Landscape,
  forensics: Forensics,
  kind: CollectionKind,
  region: string,
): CommandDocument {
  const [, what, platform] = /^(.*)-(linux|windows)$/.exec(kind) as unknown as [string, What, Platform];
  const windows = platform === "windows";
  const lines = windows ? windowsLines(what, forensics.tools) : linuxLines(what, forensics.tools);
  return {
    schemaVersion: "2.2",
    description: `${titles[what]} (${windows ? "Windows" : "Linux"})`,
    parameters: parametersOf(landscape, region, what, platform),
    mainSteps: [
      {
        action: windows ? "aws:runPowerShellScript" : "aws:runShellScript",
        name: what,
        precondition: { StringEquals: ["platformType", windows ? "Windows" : "Linux"] },
        inputs: { timeoutSeconds: String(patience[what]), runCommand: lines },
      },
    ],
  };
}

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
function parametersOf(
  landscape: Landscape,
  region: string,
  what: What,
  platform: Platform,
): CommandDocument["parameters"] {
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

const text = (name: string): string =>
  readFileSync(path.join(kitFolder(), "documents", name), "utf8")
    .split("\n")
    // What is said to who maintains the script costs every account the room for it.
    .filter((line) => !/^\s*#/.test(line) && line.trim() !== "")
    .join("\n");

/** The checksum that the landscape pins for memory of an architecture; empty where it pins none. */
const pinned = (tools: readonly Tool[], platform: Tool["platform"], memory: Tool["memory"]): string =>
  tools.find((tool) => tool.platform === platform && tool.memory === memory)?.sha256 ?? "";

/** Values of parameters, between quotes that they can't end. */
const values = {
  linux: {
    folder: "IR_KIT_FOLDER='{{ folder }}'",
    partBytes: "IR_KIT_PART_BYTES='{{ partBytes }}'",
    toolUrl: "IR_KIT_TOOL_URL='{{ toolUrl }}'",
    work: "IR_KIT_WORK='{{ work }}'",
    firstPart: "IR_KIT_FIRST_PART='{{ firstPart }}'",
    urls: "IR_KIT_URLS='{{ urls }}'",
  },
  windows: {
    folder: "$IrKitFolder = '{{ folder }}'",
    partBytes: "$IrKitPartBytes = [long]'{{ partBytes }}'",
    toolUrl: "$IrKitToolUrl = '{{ toolUrl }}'",
    work: "$IrKitWork = '{{ work }}'",
    firstPart: "$IrKitFirstPart = [long]'{{ firstPart }}'",
    urls: "$IrKitUrls = '{{ urls }}'.Split(',')",
  },
} as const;

const given: Readonly<Record<What, readonly (keyof (typeof values)["linux"])[]>> = {
  "collect-live": ["folder", "partBytes"],
  "collect-memory": ["folder", "partBytes", "toolUrl"],
  "hand-in": ["work", "partBytes", "firstPart", "urls"],
};

const scripts: Readonly<Record<What, readonly string[]>> = {
  "collect-live": ["common", "collect", "collect-live"],
  "collect-memory": ["common", "collect", "collect-memory"],
  "hand-in": ["common", "hand-in"],
};

const linuxLines = (what: What, tools: readonly Tool[]): string[] => [
  "#!/bin/bash",
  "set -uo pipefail",
  "umask 077",
  ...given[what].map((name) => values.linux[name]),
  ...(what === "collect-memory"
    ? [
        `IR_KIT_SHA256_ARM64='${pinned(tools, "linux", "arm64")}'`,
        `IR_KIT_SHA256_X86_64='${pinned(tools, "linux", "x86-64")}'`,
      ]
    : []),
  ...scripts[what].flatMap((name) => text(`${name}.sh`).split("\n")),
  what.replaceAll("-", "_"),
];

const windowsLines = (what: What, tools: readonly Tool[]): string[] => [
  ...given[what].map((name) => values.windows[name]),
  ...(what === "collect-memory" ? [`$IrKitSha256 = '${pinned(tools, "windows", "x86-64")}'`] : []),
  ...scripts[what].flatMap((name) => text(`${name}.ps1`).split("\n")),
];
