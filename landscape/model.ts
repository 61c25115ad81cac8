import type { Partition } from "./partitions";
import type { DataEventKind, Environment } from "./schema";

/** The organization, resolved: every default filled. Plain, readonly data. */
export interface Landscape {
  readonly organization: {
    readonly name: string;
    /** Absent until bootstrap has read it from AWS. */
    readonly id?: string;
    readonly rootId?: string;
  };
  readonly partition: Partition;
  readonly landingZone: "none" | "control-tower" | "lza";
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly accounts: Readonly<Record<CoreRole, Account>>;
  readonly organizationalUnits: readonly OrganizationalUnit[];
  readonly members: readonly Account[];
  readonly securityContact?: Readonly<Record<"name" | "title" | "email" | "phone", string>>;
  readonly distribution: "stackset" | "direct";
  readonly deployRole: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly backend: Backend;
  readonly logging: Logging;
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
}

export interface Logging {
  readonly owner: "kit" | "existing";
  readonly retentionDays: number;
  readonly lock: "governance" | "compliance";
  readonly lockDays: number;
  readonly archiveAfterDays: number;
  readonly dataEvents: readonly DataEventKind[];
}

export const isCreated = (account: Account): account is Account & { rootEmail: string } =>
  account.rootEmail !== undefined;

export const hasId = (account: Account): account is Account & { id: string } => account.id !== undefined;

/** Every listed account once, core accounts first; one that serves several core roles appears once. */
export function listedAccounts(landscape: Landscape): Account[] {
  return [...new Set([...coreRoles.map((role) => landscape.accounts[role]), ...landscape.members])];
}
