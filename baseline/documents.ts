import { kitFile } from "../landscape/kit-folder";
import type { Forensics, Landscape, Tool } from "../landscape/model";
import {
  type CollectionPlatform,
  type CollectionStep,
  collectionDocumentName,
  collectionPlatforms,
  collectionSteps,
} from "../landscape/names";
import { type DocumentParameter, parametersOf } from "./document-parameters";
import { hubAccountParameter, sub, type Template, type TemplateResource } from "./template";

/**
 * What machines of a case run for the task `evidence`, as Systems Manager takes it. Source: "Schemas, features, and
 * examples" of documents (AWS Systems Manager user guide), schema 2.2.
 *
 * A machine that is suspected gets no permission of its own. It collects and tells the SHA-256 of each part, and hands in
 * by addresses that a responder has signed after that, each for one piece below the case and for those bytes. Values
 * stand in scripts between quotes, where the patterns let nothing end them; values as environment variables need an
 * agent of 2025, which machines under suspicion may lack.
 */
export interface CommandDocument {
  readonly schemaVersion: "2.2";
  readonly description: string;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps: readonly DocumentStep[];
}

export interface DocumentStep {
  readonly action: "aws:runShellScript" | "aws:runPowerShellScript";
  readonly name: string;
  readonly precondition: { readonly StringEquals: readonly ["platformType", "Linux" | "Windows"] };
  readonly inputs: { readonly timeoutSeconds: string; readonly runCommand: readonly string[] };
}

/** Bytes, parameters included. Source: "CreateDocument" (AWS Systems Manager API reference). */
export const documentLimit = 65_536;

/** Every document as it stands in a region, by its name in AWS. */
export const collectionDocuments = (
  landscape: Landscape,
  forensics: Forensics,
  region: string,
): Readonly<Record<string, CommandDocument>> =>
  Object.fromEntries(
    everyKind.map(({ step, platform }) => [
      collectionDocumentName(landscape, step, platform),
      collectionDocument(landscape, forensics, region, step, platform),
    ]),
  );

/** The documents of a region, by themselves: an account that has no room for more of them keeps its alarms. */
export const documentsBaseline = (landscape: Landscape): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "aws-ir-kit baseline, documents: what machines of a case run to hand in evidence",
  Parameters: hubAccountParameter,
  Resources: landscape.forensics ? documentResources(landscape, landscape.forensics) : {},
});

/** A new text becomes the default version of the same document. */
const documentResources = (
  landscape: Landscape,
  forensics: Forensics,
): Readonly<Record<string, TemplateResource>> =>
  Object.fromEntries(
    everyKind.map(({ step, platform }) => {
      const content = collectionDocument(landscape, forensics, regionReference, step, platform);
      const properties = {
        Name: collectionDocumentName(landscape, step, platform),
        DocumentType: "Command",
        DocumentFormat: "JSON",
        TargetType: "/AWS::EC2::Instance",
        UpdateMethod: "NewVersion",
        Content: { ...content, parameters: filledIn(content.parameters) },
      };
      return [logicalId(step, platform), { Type: "AWS::SSM::Document", Properties: properties }];
    }),
  );

const everyKind = collectionSteps.flatMap((step) =>
  collectionPlatforms.map((platform) => ({ step, platform })),
);

const logicalId = (step: CollectionStep, platform: CollectionPlatform): string =>
  [...step.split("-"), platform].map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");

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

const titles: Readonly<Record<CollectionStep, string>> = {
  "collect-live": "What a running machine tells of itself, kept on it until it is handed in",
  "collect-memory": "A machine's memory, kept on it until it is handed in",
  "hand-in": "What was collected, into the evidence of a case",
};

/** Seconds: hundreds of gigabytes take hours, and a hung question must not. */
const patience: Readonly<Record<CollectionStep, number>> = {
  "collect-live": 1_800,
  "collect-memory": 10_800,
  "hand-in": 10_800,
};

function collectionDocument(
  landscape: Landscape,
  forensics: Forensics,
  region: string,
  what: CollectionStep,
  platform: CollectionPlatform,
): CommandDocument {
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

const text = (name: string): string =>
  kitFile("documents", name)
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

const given: Readonly<Record<CollectionStep, readonly (keyof (typeof values)["linux"])[]>> = {
  "collect-live": ["folder", "partBytes"],
  "collect-memory": ["folder", "partBytes", "toolUrl"],
  "hand-in": ["work", "partBytes", "firstPart", "urls"],
};

const scripts: Readonly<Record<CollectionStep, readonly string[]>> = {
  "collect-live": ["common", "collect", "collect-live"],
  "collect-memory": ["common", "collect", "collect-memory"],
  "hand-in": ["common", "hand-in"],
};

const linuxLines = (what: CollectionStep, tools: readonly Tool[]): string[] => [
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

const windowsLines = (what: CollectionStep, tools: readonly Tool[]): string[] => [
  ...given[what].map((name) => values.windows[name]),
  ...(what === "collect-memory" ? [`$IrKitSha256 = '${pinned(tools, "windows", "x86-64")}'`] : []),
  ...scripts[what].flatMap((name) => text(`${name}.ps1`).split("\n")),
];
