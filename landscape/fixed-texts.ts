import type { QuarantineKind } from "./names";
import type { AutomationName, TaskName } from "./tasks";

/**
 * Texts that no update changes: AWS takes them when a resource is made, and a new wording means a new resource. Of what
 * has a name of its own CloudFormation refuses that, and the update of every account fails (ADR 0029).
 *
 * They stay as the first release that had them wrote them. What people read is said elsewhere: in the description of a
 * role, which can be reworded, and in the documentation. A new resource gets a new line.
 */
export const taskPolicyDescriptions: Readonly<Record<TaskName | AutomationName, string>> = {
  investigate: "Reads configuration, logs and findings. No customers' data; changes nothing.",
  contain: "Isolates what is tagged with the case. Deletes nothing, grants nothing.",
  evidence: "Takes snapshots and collects evidence of what is tagged with the case. Deletes no evidence.",
  credentials: "Deactivates credentials and attaches staged deny policies. Writes no policy.",
  recover: "Launches from golden images and backups, reattaches, and releases from isolation.",
  "auto-logging":
    "Switches logging on where it is missing, and nothing off. Assumed by the hub's automation only.",
  "auto-triage": "Tags what belongs to a case. Assumed by the hub's automation only.",
  "auto-credentials": "Contains principals by a workflow; writes no policy and releases nothing.",
};

/** As {@link taskPolicyDescriptions}, of the staged policies by which a responder quarantines a principal. */
export const quarantinePolicyDescriptions: Readonly<Record<QuarantineKind, string>> = {
  "deny-all": "Denies everything. Attached to a principal under suspicion; grants nothing.",
  "deny-persistence": "Denies identities, permissions and logs, where a workload must go on; grants nothing.",
};

/** Every text that must stay as it is. */
export const fixedTexts: readonly string[] = [
  ...Object.values(taskPolicyDescriptions),
  ...Object.values(quarantinePolicyDescriptions),
];
