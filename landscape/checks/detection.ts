import { partitions } from "../partitions";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { type Check, duplicates, type SoundPart } from "./check";

const services = ["guardDuty", "securityHub", "inspector", "macie", "accessAnalyzer"] as const;

function existingHasNoSettings({ detection }: SoundPart): Finding[] {
  return services.flatMap((service) => {
    const settings = detection?.[service];
    if (settings?.owner !== "existing") return [];
    return Object.entries(settings)
      .filter(([field, value]) => field !== "owner" && value !== undefined)
      .map(([field]) => ({
        path: ["detection", service, field],
        message: `has no effect with detection.${service}.owner: existing; remove it, or let the kit own the service`,
      }));
  });
}

/** Source: "Amazon Inspector code scanning": it is an addition to the standard scan of functions. */
function codeNeedsFunctions({ detection }: SoundPart): Finding[] {
  const inspector = detection?.inspector;
  if (inspector?.lambdaCode !== true || inspector.lambda === true || inspector.owner === "existing")
    return [];
  return [
    {
      path: ["detection", "inspector", "lambdaCode"],
      message: "needs lambda: true beside it, since code is scanned in addition to packages",
    },
  ];
}

function unitsKnown({ detection, organizationalUnits }: SoundPart): Finding[] {
  const known = (organizationalUnits ?? []).flatMap((unit) => (unit?.path === undefined ? [] : [unit.path]));
  const named = (detection?.securityHub?.units ?? []).map((unit, index): [FieldPath, string | undefined] => [
    ["detection", "securityHub", "units", index, "path"],
    unit?.path,
  ]);
  const unknown = named.flatMap(([path, unit]) =>
    unit === undefined || known.includes(unit)
      ? []
      : [
          {
            path,
            message: `${show(unit)} is not among organizationalUnits (${oneOf(known)})${didYouMean(unit, known)}`,
          },
        ],
  );
  return [...unknown, ...duplicates(named, (unit) => `${show(unit)} has its standards already`)];
}

function noiseTold({ detection }: SoundPart): Finding[] {
  const noise = detection?.securityHub?.noise ?? [];
  const place = (index: number, field: string): FieldPath => [
    "detection",
    "securityHub",
    "noise",
    index,
    field,
  ];
  const boundless = noise.flatMap((kind, index) =>
    kind && kind.generator === undefined && kind.type === undefined && kind.name !== undefined
      ? [
          {
            path: ["detection", "securityHub", "noise", index],
            message: "names neither generator nor type, and would suppress every finding; name one",
          },
        ]
      : [],
  );
  const names = noise.map((kind, index): [FieldPath, string | undefined] => [
    place(index, "name"),
    kind?.name,
  ]);
  return [...boundless, ...duplicates(names, (name) => `${show(name)} is the name of another kind of noise`)];
}

/** Recorders deliver into the log archive. */
function recordersNeedLogs({ detection, logging, landingZone }: SoundPart): Finding[] {
  if (detection?.config !== "kit") return [];
  const others =
    landingZone === "control-tower" || landingZone === "lza" ? `landingZone ${landingZone}` : undefined;
  if (others !== undefined) {
    return [
      {
        path: ["detection", "config"],
        message: `"kit" would make second recorders beside those of ${others}, and AWS allows one; choose existing`,
      },
    ];
  }
  if (logging?.owner !== "existing") return [];
  return [
    {
      path: ["detection", "config"],
      message:
        '"kit" delivers into the log archive, which logging.owner: existing leaves out; choose existing',
    },
  ];
}

/** AWS takes a member as administrator of central configuration, not the management account. */
function securityIsMember({ detection, accounts }: SoundPart): Finding[] {
  if (!detection?.securityHub || detection.securityHub.owner === "existing") return [];
  const { security, management } = accounts ?? {};
  if (security?.id === undefined || security.id !== management?.id) return [];
  return [
    {
      path: ["detection", "securityHub"],
      message:
        "needs a security account other than the management account: AWS takes a member as administrator",
    },
  ];
}

/** Sources: "Central configuration in Security Hub CSPM", "Exporting findings" (Amazon GuardDuty user guide). */
function homeIsOpen({ detection, homeRegion, organization, logging }: SoundPart): Finding[] {
  const region = partitions[organization?.partition ?? "aws"]?.regions.find(
    ({ name }) => name === homeRegion,
  );
  if (!region?.optIn) return [];
  const owned = (service: "guardDuty" | "securityHub") =>
    detection?.[service] !== undefined && detection[service]?.owner !== "existing";
  const why = owned("securityHub")
    ? "Security Hub takes no region that must be enabled as the home of an organization"
    : owned("guardDuty") && logging?.owner !== "existing"
      ? "GuardDuty exports from other regions to no bucket in a region that must be enabled"
      : undefined;
  return why === undefined
    ? []
    : [
        {
          path: ["homeRegion"],
          message: `${show(homeRegion)} must be enabled by each account, and ${why}; choose another`,
        },
      ];
}

export const detectionChecks: readonly Check[] = [
  existingHasNoSettings,
  codeNeedsFunctions,
  unitsKnown,
  noiseTold,
  recordersNeedLogs,
  securityIsMember,
  homeIsOpen,
];
