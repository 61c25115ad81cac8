import path from "node:path";
import type { PartitionName } from "../../landscape/partitions";
import { repository } from "../support/repository";

/** How many of what the file lists; the most that `validate` lets through, and one more where a test asks for it. */
export interface Amounts {
  readonly users: number;
  readonly userNameLength: number;
  readonly exceptions: number;
  readonly perimeterUnits: number;
  readonly standardsUnits: number;
  readonly noise: number;
  readonly tools: number;
  readonly tags: number;
  readonly members: number;
  readonly channels: number;
  /** Of the parameter that names the golden image. */
  readonly imageLength: number;
}

export interface Extreme {
  readonly partition: PartitionName;
  readonly landingZone: "none" | "control-tower" | "lza";
  readonly distribution: "stackset" | "direct";
  readonly organizationName: string;
  readonly organizationId: string;
  /** Home region first. */
  readonly regions: readonly string[];
  readonly unwatchedRegions: "allow" | "deny";
  readonly deployRole: string;
  /** Doors of IAM users alone: others leave them less room in the trust of a role. */
  readonly onlyUsers: boolean;
  readonly amounts: Amounts;
}

const numbered = <T>(many: number, make: (index: number) => T): T[] =>
  Array.from({ length: many }, (_, index) => make(index));

/** A text of a length, told apart from others by a number at its end. */
const long = (length: number, index: number): string => {
  const end = String(index).padStart(4, "0");
  return `${"a".repeat(length - end.length)}${end}`;
};

const accountId = (index: number): string => String(500_000_000_000 + index);

const longEmail = (index: number): string =>
  `a.b+c_d${String(index).padStart(4, "0")}@${"e".repeat(40)}.example`;

const unitPath = (index: number): string =>
  [long(64, index), ...numbered(4, (level) => long(64, level))].join("/");

/** Every unit with those above it. */
const unitsOf = (many: number) =>
  numbered(many, unitPath).flatMap((deepest, index) =>
    deepest.split("/").map((_, level, names) => ({
      path: names.slice(0, level + 1).join("/"),
      id: `ou-${"r".repeat(32)}-${`${level}x${index}`.padStart(32, "0")}`,
      environment: "development",
    })),
  );

/** Doors of those who have a provider of identities. */
const providers = (partition: PartitionName) => [
  {
    type: "identity-center",
    instanceArn: `arn:${partition}:sso:::instance/ssoins-1234567890abcdef`,
    groups: Object.fromEntries(
      ["investigate", "contain", "evidence", "credentials", "recover"].map((task) => [
        task,
        "9067642ac7-1a2b3c4d-0000-1111-2222-333344445555",
      ]),
    ),
  },
  { type: "saml", metadata: path.join(repository, "test", "fixtures", "identity-provider.xml") },
];

function accessOf({ amounts, partition, unwatchedRegions, onlyUsers }: Extreme) {
  const users = (kind: string, many: number) =>
    numbered(many, (index) => `${kind}${long(amounts.userNameLength - kind.length, index)}`);
  const half = Math.floor(amounts.users / 2);
  return {
    doors: [
      ...(onlyUsers ? [] : providers(partition)),
      { type: "iam-users", users: users("u", half).map((name) => ({ name })) },
      {
        type: "emergency-users",
        account: "forensics",
        users: users("e", amounts.users - half).map((name, index) => ({
          name,
          contact: { email: longEmail(index), phone: "(+1) 555-0101 (22) 33-444" },
        })),
      },
    ],
    notify: numbered(amounts.channels, (index) => ({
      type: "https",
      url: `https://example.com/${"p".repeat(470)}${String(index).padStart(5, "0")}`,
    })),
    guardrails: {
      unwatchedRegions,
      perimeter: {
        units: unitsOf(amounts.perimeterUnits).map(({ path: unit }) => unit),
        exceptions: numbered(amounts.exceptions, (index) => ({
          account: accountId(index),
          reason: "a partner reads its bucket",
        })),
      },
    },
  };
}

function detectionOf({ amounts, landingZone }: Extreme) {
  return {
    guardDuty: {},
    securityHub: {
      standards: ["fsbp", "cis-1.4", "cis-3.0", "nist-800-53", "pci-dss-4.0", "resource-tagging"],
      units: numbered(amounts.standardsUnits, (index) => ({ path: unitPath(index), standards: ["fsbp"] })),
      noise: numbered(amounts.noise, (index) => ({
        name: long(64, index),
        because: `${"ä".repeat(199)}.`,
        generator: `${"g".repeat(511)}*`,
        type: `${"t".repeat(255)}*`,
        accounts: numbered(20, accountId),
      })),
    },
    inspector: { ec2: true, ecr: true, lambda: true, lambdaCode: true },
    macie: {},
    accessAnalyzer: { unusedAccessDays: 90 },
    config: landingZone === "none" ? "kit" : "existing",
  };
}

function placesOf({ landingZone, amounts }: Extreme) {
  const account = (index: number) => ({
    id: accountId(900_000 + index),
    name: long(50, index),
    ou: unitPath(0),
  });
  const makes = landingZone === "none";
  return {
    accounts: {
      management: { id: accountId(900_000), name: long(50, 0) },
      security: account(1),
      logArchive: account(2),
      forensics: account(3),
    },
    organizationalUnits: unitsOf(Math.max(1, amounts.perimeterUnits, amounts.standardsUnits)).map((unit) => ({
      ...unit,
      ...(makes && { create: true }),
    })),
    members: numbered(amounts.members, (index) => ({
      name: long(50, 10 + index),
      id: accountId(index),
      ou: unitPath(0),
      ...(makes && { create: { email: longEmail(5_000 + index) } }),
      owner: { team: `T${"e".repeat(62)}`, email: longEmail(index) },
      environment: "development",
    })),
  };
}

const forensicsOf = ({ amounts }: Extreme) => ({
  endpoints: "always",
  evidence: { retentionDays: 3653 },
  machines: {
    recovery: { image: `/${"g".repeat(amounts.imageLength - 1)}`, instanceType: "m7i.xlarge" },
  },
  tools: numbered(amounts.tools, (index) => ({
    platform: index % 2 === 0 ? "linux" : "windows",
    key: long(200, index),
    sha256: "a".repeat(64),
  })),
});

/** Text of a landscape in which whatever can be long is as long as it can be. */
export function extremeText(extreme: Extreme): string {
  const { partition, landingZone, distribution, amounts, regions, deployRole } = extreme;
  return JSON.stringify({
    organization: {
      name: extreme.organizationName,
      id: extreme.organizationId,
      rootId: `r-${"r".repeat(32)}`,
      cutPolicyId: `p-${"a".repeat(128)}`,
      partition,
    },
    landingZone,
    homeRegion: regions[0],
    regions,
    ...placesOf(extreme),
    securityContact: {
      name: `N${"a".repeat(63)}`,
      title: `T${"b".repeat(49)}`,
      email: longEmail(9999),
      phone: "+1 (555) 0100-1234 567890",
    },
    distribution,
    deployRole,
    tags: Object.fromEntries(numbered(amounts.tags, (index) => [long(128, index), "v".repeat(256)])),
    backend: { type: "s3", account: "logArchive" },
    ...(landingZone === "none" && {
      logging: {
        owner: "kit",
        retentionDays: 3653,
        dataEvents: ["s3-write", "s3-read", "lambda-invoke", "dynamodb-write"],
        networkEvents: ["cloudtrail", "ec2", "kms", "s3", "secretsmanager"],
        insights: ["api-call-rate", "api-error-rate"],
      },
    }),
    detection: detectionOf(extreme),
    forensics: forensicsOf(extreme),
    access: accessOf(extreme),
  });
}
