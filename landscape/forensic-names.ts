import type { Landscape } from "./model";
import { namePrefix } from "./names";

/** Names of what stands in the forensics account: its networks, and the machines on which evidence is looked at. */

/** Where copies of suspicious machines run, and where analysts work. */
export const forensicNetworkName = (landscape: Landscape, network: "quarantine" | "forensic"): string =>
  `${namePrefix(landscape)}-${network}`;

export const forensicGroupName = (
  landscape: Landscape,
  group: "quarantined" | "analyst" | "endpoint",
): string => `${namePrefix(landscape)}-${group}`;

export const forensicEndpointName = (landscape: Landscape, service: string): string =>
  `${forensicNetworkName(landscape, "forensic")}-${service}`;

/** Stack of the interface endpoints of a region, which stands always or on demand. */
export const forensicEndpointsStack = (region: string): string => `forensic-endpoints-${region}`;

/** Templates by which machines are launched in the forensics account. */
export const machineKinds = [
  "forensic-linux-arm64",
  "forensic-linux-x86-64",
  "forensic-windows",
  "quarantine-copy",
  "recovery",
] as const;
export type MachineKind = (typeof machineKinds)[number];
export const launchTemplateName = (landscape: Landscape, kind: MachineKind): string =>
  `${namePrefix(landscape)}-${kind}`;

/** Document by which Session Manager opens a machine of analysts, and the log of what is done there. */
export const sessionDocumentName = (landscape: Landscape): string => `${namePrefix(landscape)}-session`;
export const sessionLogName = (landscape: Landscape): string => `/${namePrefix(landscape)}/sessions`;
