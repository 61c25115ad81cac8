import { readFileSync } from "node:fs";
import path from "node:path";
import { kitFolder } from "../constructs/function-bundle";
import { piecesPrefix } from "../landscape/evidence-prefixes";
import type { Forensics, Landscape, Tool } from "../landscape/model";
import { bucketName, collectionDocumentName, collectionKinds } from "../landscape/names";
import { caseIdPattern } from "../landscape/tasks";
import { sub, type TemplateResource } from "./template";

/**
 * What machines of a case run for the task `evidence`, as Systems Manager takes it. Source: "Schemas, features, and
 * examples" of documents (AWS Systems Manager user guide), schema 2.2.
 *
 * A machine that is suspected gets no permission of its own: it hands in by addresses that the responder has signed, each
 * for one piece below the case. Values stand in scripts between quotes, where the patterns let nothing end them; values as
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

type CollectionKind = (typeof collectionKinds)[number];

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
        .replace(/^.*-collect-/, "Collect-")
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

const titles: Readonly<Record<CollectionKind, string>> = {
  "memory-linux": "Memory of a Linux machine, into the evidence of a case",
  "memory-windows": "Memory of a Windows machine, into the evidence of a case",
  "live-linux": "What a running Linux machine tells of itself, into the evidence of a case",
  "live-windows": "What a running Windows machine tells of itself, into the evidence of a case",
};

/** Seconds: hundreds of gigabytes of memory take hours, and a hung question must not. */
const patience = { memory: 10_800, live: 1_800 } as const;

function collectionDocument(
  landscape: Landscape,
  forensics: Forensics,
  kind: CollectionKind,
  region: string,
): CommandDocument {
  const [what, platform] = kind.split("-") as ["memory" | "live", "linux" | "windows"];
  const windows = platform === "windows";
  const lines = windows ? windowsLines(what, forensics.tools) : linuxLines(what, forensics.tools);
  return {
    schemaVersion: "2.2",
    description: titles[kind],
    parameters: parametersOf(landscape, region, what, platform),
    mainSteps: [
      {
        action: windows ? "aws:runPowerShellScript" : "aws:runShellScript",
        name: "collect",
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

/** Evidence lies in the machine's region or, where there is no place for it, in the home region. */
function parametersOf(
  landscape: Landscape,
  region: string,
  what: "memory" | "live",
  platform: "linux" | "windows",
): CommandDocument["parameters"] {
  const host = (kind: "evidence" | "tools") =>
    `https://(${[region, landscape.homeRegion]
      .map((one) => `${bucketName(landscape, kind, one)}\\.s3\\.${one}`)
      .join("|")})\\.${landscape.partition.dnsSuffix.replaceAll(".", "\\.")}`;
  const ofCase = caseIdPattern.source.replace(/^\^|\$$/g, "");
  const piece = `${host("evidence")}/${piecesPrefix}${ofCase}/${keyCharacters}${signature}`;
  return {
    urls: {
      type: "String",
      description: "Signed addresses below the prefix of the case, a part each, apart by commas",
      allowedPattern: `^${piece}(,${piece}){0,${mostParts - 1}}$`,
    },
    partBytes: {
      type: "String",
      description: "Bytes of a part; the last one is what is left",
      // S3 takes parts from 5 MiB to 5 GiB ("Amazon S3 multipart upload limits").
      allowedPattern: "^[0-9]{7,10}$",
      default: "5368709120",
    },
    folder: {
      type: "String",
      description: "Where it is written to before it is handed in",
      allowedPattern:
        platform === "linux" ? "^/[A-Za-z0-9._/-]{0,200}$" : "^[A-Za-z]:(\\\\[A-Za-z0-9._-]{1,60}){1,5}$",
      default: platform === "linux" ? "/var/cache" : "C:\\Windows\\Temp",
    },
    ...(what === "memory" && {
      toolUrl: {
        type: "String",
        description: "Signed address of the tool in the tools bucket",
        allowedPattern: `^${host("tools")}/${keyCharacters}${signature}$`,
      },
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

function linuxLines(what: "memory" | "live", tools: readonly Tool[]): string[] {
  return [
    "#!/bin/bash",
    "set -uo pipefail",
    "umask 077",
    "IR_KIT_URLS='{{ urls }}'",
    "IR_KIT_PART_BYTES='{{ partBytes }}'",
    "IR_KIT_FOLDER='{{ folder }}'",
    ...(what === "memory"
      ? [
          "IR_KIT_TOOL_URL='{{ toolUrl }}'",
          `IR_KIT_SHA256_ARM64='${pinned(tools, "linux", "arm64")}'`,
          `IR_KIT_SHA256_X86_64='${pinned(tools, "linux", "x86-64")}'`,
        ]
      : []),
    ...text("upload.sh").split("\n"),
    ...text(`collect-${what}.sh`).split("\n"),
    `collect_${what}`,
  ];
}

function windowsLines(what: "memory" | "live", tools: readonly Tool[]): string[] {
  return [
    "$IrKitUrls = '{{ urls }}'.Split(',')",
    "$IrKitPartBytes = [long]'{{ partBytes }}'",
    "$IrKitFolder = '{{ folder }}'",
    ...(what === "memory"
      ? ["$IrKitToolUrl = '{{ toolUrl }}'", `$IrKitSha256 = '${pinned(tools, "windows", "x86-64")}'`]
      : []),
    ...text("upload.ps1").split("\n"),
    ...text(`collect-${what}.ps1`).split("\n"),
  ];
}
