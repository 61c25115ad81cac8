import ipaddr from "ipaddr.js";
import { evidenceDefaults, forensicsDefaults, machineDefaults } from "../model";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { type Check, duplicates, type IsWrong, regions, type SoundPart } from "./check";
import { complianceAcknowledged } from "./lock";

/** A range of addresses, and where the landscape says so. */
interface Range {
  readonly path: FieldPath;
  readonly text: string;
  readonly what: string;
}

const ownRanges = ({ forensics }: SoundPart): Range[] =>
  forensics === undefined
    ? []
    : (["quarantineNetwork", "forensicNetwork"] as const).map((field) => ({
        path: ["forensics", field],
        text: forensics[field] ?? forensicsDefaults[field],
        what: `forensics.${field}`,
      }));

const declaredRanges = ({ networks = [] }: SoundPart): Range[] =>
  networks.flatMap((text, index) =>
    text === undefined ? [] : [{ path: ["networks", index], text, what: `networks[${index}]` }],
  );

const parsed = (text: string): [ipaddr.IPv4, number] => ipaddr.IPv4.parseCIDR(text);

/** Whether two ranges have an address in common: one then holds the other's first. */
function overlap(one: string, other: string): boolean {
  const [first, length] = parsed(one);
  const [second, otherLength] = parsed(other);
  return first.match(second, Math.min(length, otherLength));
}

/** AWS takes the network of an address, and the plan would show a change for ever. */
function beginAtTheirFirst(file: SoundPart): Finding[] {
  return [...ownRanges(file), ...declaredRanges(file)].flatMap(({ path, text }) => {
    const [, length] = parsed(text);
    const whole = `${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${length}`;
    return whole === text
      ? []
      : [{ path, message: `${show(text)} begins inside the range ${whole}; say ${whole}` }];
  });
}

function keepClear(file: SoundPart): Finding[] {
  const own = ownRanges(file);
  const declared = declaredRanges(file);
  return own.flatMap(({ path, text }, index) =>
    [...own.slice(0, index), ...declared]
      .filter((other) => overlap(text, other.text))
      .map((other) => ({
        path,
        message: `${show(text)} overlaps ${other.what} (${other.text}); choose a range of which nobody has a part`,
      })),
  );
}

/** Addresses that the internet routes would be somebody's: what speaks to them would be lost, or found. */
function arePrivate(file: SoundPart): Finding[] {
  const kinds = ["private", "carrierGradeNat"];
  return ownRanges(file).flatMap(({ path, text }) =>
    kinds.includes(parsed(text)[0].range())
      ? []
      : [
          {
            path,
            message: `${show(text)} is not private; choose a range of 10/8, 172.16/12, 192.168/16 or 100.64/10`,
          },
        ],
  );
}

/** Two subnets, each at least /28. */
function holdsTwoSubnets(file: SoundPart): Finding[] {
  return ownRanges(file).flatMap(({ path, text }) =>
    parsed(text)[1] <= 27
      ? []
      : [{ path, message: `${show(text)} is too small for subnets in two zones; at least /27` }],
  );
}

function regionsWatched(file: SoundPart): Finding[] {
  const { forensics } = file;
  const named = (forensics?.regions ?? []).map((region, index): [FieldPath, string | undefined] => [
    ["forensics", "regions", index],
    region,
  ]);
  const watched = regions(file).map(({ name }) => name);
  return [
    ...duplicates(named, (value) => `${show(value)} stands in the list already`),
    ...(file.regions === undefined ? [] : named).flatMap(([path, region]) =>
      region === undefined || watched.includes(region)
        ? []
        : [
            {
              path,
              message: `${show(region)} is not among regions (${oneOf(watched)})${didYouMean(region, watched)}`,
            },
          ],
    ),
  ];
}

/** A piece of evidence can neither be locked beyond the maximum nor go before its lock ends. */
function evidenceHolds({ forensics }: SoundPart, isWrong: IsWrong): Finding[] {
  const { evidence } = forensics ?? {};
  const lockDays = evidence?.lockDays ?? evidenceDefaults.lockDays;
  const maximumDays = evidence?.maximumDays ?? evidenceDefaults.maximumDays;
  const retentionDays = evidence?.retentionDays;
  const at = (field: string): FieldPath => ["forensics", "evidence", field];
  if (["lockDays", "maximumDays"].some((field) => isWrong(...at(field)))) return [];
  const findings: Finding[] = [];
  if (lockDays > maximumDays) {
    // What was written is what is wrong: either may have been left to its default.
    const field = evidence?.lockDays === undefined ? "maximumDays" : "lockDays";
    findings.push({
      path: at(field),
      message: `lockDays (${lockDays}) is above maximumDays (${maximumDays}): no evidence could be written`,
    });
  }
  if (retentionDays !== undefined && retentionDays < lockDays) {
    findings.push({
      path: at("retentionDays"),
      message: `${retentionDays} is shorter than forensics.evidence.lockDays (${lockDays}): the lock would keep what is to go`,
    });
  }
  return findings;
}

/** Of a family's name the letter g after the generation says Graviton. Source: "Amazon EC2 instance type naming conventions". */
const isGraviton = (type: string): boolean => /^(a1|[a-z]+\d+[a-z]*g[a-z]*)([.-]|$)/.test(type);

/** A template's image is built for one architecture. */
function machinesFit({ forensics }: SoundPart): Finding[] {
  return Object.entries(forensics?.machines ?? {}).flatMap(([field, type]) => {
    if (typeof type !== "string" || field === "quarantine") return [];
    const graviton = field === "linuxArm64";
    if (isGraviton(type) === graviton) return [];
    const nearest = machineDefaults[field as keyof typeof machineDefaults];
    return [
      {
        path: ["forensics", "machines", field],
        message: `${show(type)} is ${graviton ? "x86_64" : "arm64"}, and its image ${graviton ? "arm64" : "x86_64"}; choose one such as ${nearest}`,
      },
    ];
  });
}

/** A tool is known by the last part of its key where it lies. */
function toolsApart({ forensics }: SoundPart): Finding[] {
  const named = (forensics?.tools ?? []).map((tool, index): [FieldPath, string | undefined] => [
    ["forensics", "tools", index, "key"],
    tool?.key === undefined ? undefined : `${tool.platform} ${tool.key.slice(tool.key.lastIndexOf("/") + 1)}`,
  ]);
  return duplicates(
    named,
    (value) => `${show(value.slice(value.indexOf(" ") + 1))} is the name of another tool already`,
  );
}

/** A document takes one tool for each architecture. */
function memoryToolsApart({ forensics }: SoundPart): Finding[] {
  const tools = forensics?.tools ?? [];
  const at = (index: number): FieldPath => ["forensics", "tools", index, "memory"];
  return [
    ...duplicates(
      tools.map((tool, index): [FieldPath, string | undefined] => [
        at(index),
        tool?.memory === undefined ? undefined : `${tool.memory} on ${tool.platform}`,
      ]),
      (value) => `another tool reads memory of ${value} already`,
    ),
    ...tools.flatMap((tool, index) =>
      tool?.platform === "windows" && tool.memory === "arm64"
        ? [{ path: at(index), message: `${show("arm64")} is no architecture of Windows on EC2; say x86-64` }]
        : [],
    ),
  ];
}

export const forensicsChecks: readonly Check[] = [
  complianceAcknowledged(["forensics", "evidence"], ({ forensics }) => forensics?.evidence),
  evidenceHolds,
  machinesFit,
  toolsApart,
  memoryToolsApart,
  regionsWatched,
  beginAtTheirFirst,
  arePrivate,
  holdsTwoSubnets,
  keepClear,
];
