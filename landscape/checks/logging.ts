import { loggingDefaults } from "../model";
import type { Finding } from "../problems";
import type { Check, IsWrong, SoundPart } from "./check";
import { complianceAcknowledged } from "./lock";

const loggingSettings = [
  "retentionDays",
  "lock",
  "lockDays",
  "archiveAfterDays",
  "dataEvents",
  "networkEvents",
  "insights",
] as const;

function existingLoggingHasNoSettings({ logging }: SoundPart): Finding[] {
  if (logging?.owner !== "existing") return [];
  return loggingSettings
    .filter((field) => logging[field] !== undefined)
    .map((field) => ({
      path: ["logging", field],
      message: "has no effect with logging.owner: existing; remove it, or let the kit own the logs",
    }));
}

function retentionHolds({ logging }: SoundPart, isWrong: IsWrong): Finding[] {
  if (isWrong("logging", "retentionDays")) return [];
  const retention = logging?.retentionDays ?? loggingDefaults.retentionDays;
  const findings: Finding[] = [];
  if (logging?.lockDays !== undefined && logging.lockDays > retention) {
    findings.push({
      path: ["logging", "lockDays"],
      message: `${logging.lockDays} is longer than logging.retentionDays (${retention}): logs could not expire in time`,
    });
  }
  if (logging?.archiveAfterDays !== undefined && logging.archiveAfterDays >= retention) {
    findings.push({
      path: ["logging", "archiveAfterDays"],
      message: `${logging.archiveAfterDays} is not before logging.retentionDays (${retention}), when logs expire`,
    });
  }
  return findings;
}

export const loggingChecks: readonly Check[] = [
  existingLoggingHasNoSettings,
  retentionHolds,
  complianceAcknowledged(["logging"], ({ logging }) => logging),
];
