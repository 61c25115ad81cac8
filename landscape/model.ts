import type { Partition } from "./partitions";
import type {
  DataEventKind,
  Environment,
  GuardDutyPlan,
  InsightKind,
  InspectorScan,
  NetworkEventSource,
  StandardName,
} from "./schema";
import type { TaskName } from "./tasks";

/** The organization, resolved: every default filled. Plain, readonly data. */
export interface Landscape {
  readonly organization: {
    readonly name: string;
    /** Absent until bootstrap has read it from AWS. */
    readonly id?: string;
    readonly rootId?: string;
    /** Id of the service control policy that holds cuts; absent until bootstrap has made it. */
    readonly cutPolicyId?: string;
  };
  readonly partition: Partition;
  readonly landingZone: "none" | "control-tower" | "lza";
  readonly homeRegion: string;
  /** Watched, those that are given up included. */
  readonly regions: readonly string[];
  /** Watched regions that are given up: what stands there stays until somebody destroys it. */
  readonly retiredRegions: readonly string[];
  readonly accounts: Readonly<Record<CoreRole, Account>>;
  /** Account of the hub's roles: the security account, until the organization is re-homed. */
  readonly hub: Account;
  /** Account that the staged seal shuts out: the hub, and after re-homing the one that was lost. */
  readonly sealed: Account;
  readonly organizationalUnits: readonly OrganizationalUnit[];
  readonly members: readonly Account[];
  readonly securityContact?: Readonly<Record<"name" | "title" | "email" | "phone", string>>;
  readonly distribution: "stackset" | "direct";
  readonly deployRole: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: Backend;
  readonly logging: Logging;
  readonly sweep: Sweep;
  /** Absent where the kit keeps no networks for forensics. */
  readonly forensics?: Forensics;
  /** Absent where the kit switches on none of the services that detect. */
  readonly detection?: Detection;
  /** Absent where responders get in by other means: then there are no hub roles, alarms or guardrails. */
  readonly access?: Access;
}

export const coreRoles = ["management", "security", "logArchive", "forensics"] as const;
export type CoreRole = (typeof coreRoles)[number];

/** Names of core accounts that the file leaves unnamed. */
export const defaultAccountNames: Readonly<Record<CoreRole, string>> = {
  management: "management",
  security: "security",
  logArchive: "log-archive",
  forensics: "forensics",
};

export const loggingDefaults = { retentionDays: 365, archiveAfterDays: 90 } as const;

export type Backend =
  | { readonly type: "local"; readonly directory: string }
  | { readonly type: "s3"; readonly account: CoreRole };

export interface Account {
  readonly name: string;
  /** Absent until bootstrap has created the account. */
  readonly id?: string;
  /** Present where the kit creates and keeps the account: the address of its root user. */
  readonly rootEmail?: string;
  readonly organizationalUnit?: string;
  readonly owner?: { readonly team: string; readonly email: string };
  readonly environment?: Environment;
  /** Given up: Terraform forgets it, and it stays where it is. */
  readonly retired?: true;
}

export interface OrganizationalUnit {
  readonly path: string;
  readonly name: string;
  /** Path of the unit above; absent directly below the root. */
  readonly parent?: string;
  readonly id?: string;
  /** The kit makes and keeps it. */
  readonly created: boolean;
  readonly environment?: Environment;
  /** Given up: Terraform forgets it, and it stays where it is. */
  readonly retired?: true;
}

export interface Logging {
  readonly owner: "kit" | "existing";
  readonly retentionDays: number;
  readonly lock: "governance" | "compliance";
  readonly lockDays: number;
  readonly archiveAfterDays: number;
  readonly dataEvents: readonly DataEventKind[];
  readonly networkEvents: readonly NetworkEventSource[];
  readonly insights: readonly InsightKind[];
}

/** The services that detect, as far as the kit owns them. */
export interface Detection {
  /** Plans that are on; the others are switched off. */
  readonly guardDuty?: { readonly plans: readonly GuardDutyPlan[] };
  readonly securityHub?: {
    readonly standards: readonly StandardName[];
    /** Units that are checked by other standards than the rest. */
    readonly units: readonly {
      readonly unit: OrganizationalUnit;
      readonly standards: readonly StandardName[];
    }[];
    readonly noise: readonly Noise[];
  };
  readonly inspector?: { readonly scans: readonly InspectorScan[] };
  readonly macie: boolean;
  /** Recorders of AWS Config in every account and watched region are the kit's. */
  readonly config: boolean;
  readonly accessAnalyzer?: { readonly unusedAccessDays?: number };
}

/** Findings that are suppressed when they come in. */
export interface Noise {
  readonly name: string;
  readonly because: string;
  /** GeneratorId of the findings, or its beginning and a star. */
  readonly generator?: string;
  /** Type of the findings, or its beginning and a star. */
  readonly type?: string;
  readonly accounts?: readonly string[];
}

export const sweepDefaults = {
  everyHours: 6,
  placesAtOnce: 8,
  ebsEncryptionByDefault: "report",
  blockPublicSnapshots: "report",
  blockPublicBuckets: "report",
} as const;

/** What looks at every account and region. */
export interface Sweep {
  readonly everyHours: number;
  /** Accounts and regions that are looked at at the same time. */
  readonly placesAtOnce: number;
  readonly ebsEncryptionByDefault: "heal" | "report";
  readonly blockPublicSnapshots: "heal" | "report";
  readonly blockPublicBuckets: "heal" | "report";
}

export const forensicsDefaults = {
  endpoints: "on-demand",
  quarantineNetwork: "10.255.254.0/24",
  forensicNetwork: "10.255.255.0/24",
} as const;

/** Governance, since a lock that nobody can lift outlives every mistake; ten years, as long as a case may take. */
export const evidenceDefaults = { lock: "governance", lockDays: 365, maximumDays: 3653 } as const;

/** How evidence is kept. Days count from the writing of each piece. */
export interface Evidence {
  readonly lock: "governance" | "compliance";
  readonly lockDays: number;
  /** Beyond this nobody may lock a piece. */
  readonly maximumDays: number;
  /** Absent where evidence stays until somebody deletes it. */
  readonly retentionDays?: number;
}

export const machineDefaults = {
  linuxArm64: "m7g.xlarge",
  linuxX86: "m7i.xlarge",
  windows: "m7i.xlarge",
  quarantine: "m7i.xlarge",
} as const;

/** Instance types of the forensics account. */
export interface Machines {
  readonly linuxArm64: string;
  readonly linuxX86: string;
  readonly windows: string;
  readonly quarantine: string;
  /** Absent where nobody has named a golden image. */
  readonly recovery?: { readonly image: string; readonly instanceType: string; readonly rootDevice: string };
}

/** An object of the tools bucket, and what it must be. */
export interface Tool {
  readonly platform: "linux" | "windows";
  readonly key: string;
  /** Hexadecimal digits. */
  readonly sha256: string;
  /** It reads memory of suspected machines of this architecture, and is no tool of analysts. */
  readonly memory?: "arm64" | "x86-64" | undefined;
}

/** Networks, machines and evidence of the forensics account. */
export interface Forensics {
  readonly regions: readonly string[];
  readonly evidence: Evidence;
  readonly machines: Machines;
  readonly tools: readonly Tool[];
  readonly endpoints: "always" | "on-demand";
  /** IPv4 ranges, the same in each region: nothing leads from one to the other. */
  readonly quarantineNetwork: string;
  readonly forensicNetwork: string;
}

/** Which tasks a way in leads to. */
interface Leading {
  readonly tasks: readonly TaskName[];
}

export type Door = IdentityCenterDoor | SamlDoor | IamUsersDoor | EmergencyUsersDoor;

export interface IdentityCenterDoor extends Leading {
  readonly type: "identity-center";
  readonly instanceArn: string;
  readonly region: string;
  readonly account: CoreRole;
  readonly groups: Readonly<Partial<Record<TaskName, string>>>;
}

export interface SamlDoor extends Leading {
  readonly type: "saml";
  /** Text of the identity provider's metadata. */
  readonly metadata: string;
}

export interface IamUser extends Leading {
  readonly name: string;
  /** Who answers for a user that is nobody's own. */
  readonly contact?: { readonly email: string; readonly phone?: string };
  /** Given up: nobody comes in by it, and Terraform forgets the user, whose keys people delete. */
  readonly retired?: true;
}

export interface IamUsersDoor extends Leading {
  readonly type: "iam-users";
  readonly users: readonly IamUser[];
}

export interface EmergencyUsersDoor extends Leading {
  readonly type: "emergency-users";
  readonly account: CoreRole;
  readonly users: readonly IamUser[];
}

export type Channel =
  | { readonly type: "email"; readonly address: string }
  | { readonly type: "sms"; readonly number: string }
  | { readonly type: "https"; readonly url: string };

export interface Access {
  readonly doors: readonly Door[];
  readonly notify: readonly Channel[];
  readonly unwatchedRegions: "allow" | "deny";
  readonly perimeter: {
    /** Units whose buckets and secrets only the organization reaches. */
    readonly units: readonly OrganizationalUnit[];
    readonly exceptions: readonly { readonly account: string; readonly reason: string }[];
  };
}

export const isCreated = (account: Account): account is Account & { rootEmail: string } =>
  account.rootEmail !== undefined;

export const hasId = (account: Account): account is Account & { id: string } => account.id !== undefined;

/** A hub that was left behind: nobody gets in, and nothing of the kit is led from it. */
export const isLost = ({ hub, sealed }: Landscape, account: Account): boolean =>
  sealed.id !== hub.id && account.id === sealed.id;

/** Every listed account once, core accounts first; one that serves several core roles appears once. */
export function listedAccounts(landscape: Landscape): Account[] {
  return [...new Set([...coreRoles.map((role) => landscape.accounts[role]), ...landscape.members])];
}

/**
 * Regions in which evidence and tools have buckets and keys: snapshots stay in their region, and a gateway endpoint
 * reaches buckets of its own region only ("Gateway endpoints for Amazon S3", AWS PrivateLink guide). Custody is kept
 * in the home region.
 */
export const evidenceRegions = ({ homeRegion }: Landscape, { regions }: Forensics): string[] =>
  [...new Set([homeRegion, ...regions])].sort();

/** Regions of the regional baseline: those watched, and the one in which IAM and Organizations emit their events. */
export const baselineRegions = ({ regions, partition }: Landscape): string[] =>
  [...new Set([...regions, partition.globalEventRegion])].sort();

/**
 * Watched regions that are off until an account enables them. StackSets make nothing there before both the management
 * account and the member have ("Prepare to perform StackSet operations in AWS Regions that are disabled by default", AWS
 * CloudFormation user guide).
 */
export const regionsToEnable = (landscape: Landscape): string[] => {
  const watched = new Set(baselineRegions(landscape));
  return landscape.partition.regions
    .filter(({ name, optIn }) => optIn && watched.has(name))
    .map(({ name }) => name)
    .sort();
};
