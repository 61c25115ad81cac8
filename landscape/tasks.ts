/** What a responder comes to do; each is a role of its own. */
export const taskNames = ["investigate", "contain", "evidence", "credentials", "recover"] as const;
export type TaskName = (typeof taskNames)[number];

/** What automation does in an account, each by a role of its own. */
export const automationNames = ["auto-logging", "auto-triage", "auto-credentials"] as const;
export type AutomationName = (typeof automationNames)[number];

/** Tag that binds a resource, and a responder's session, to a case. */
export const caseTag = "ir:case";

/** Tag of the kit's own resources, which responders leave alone; nobody but the deployers may set it. */
export const kitTag = "ir:kit";

/** Tag of the two isolation groups of a VPC, made before an incident: `open` and `empty`. */
export const isolationTag = "ir:isolation";

/** Every tag that begins with it is the kit's, whatever its case: IAM takes tag keys without regard to case. */
export const tagPrefixes = ["ir:", "IR:", "Ir:", "iR:"] as const;

/** Such as `CASE-1` or `SEC-2026-0042`: a tag's value, a folder's name and an argument without quoting. */
export const caseIdPattern = /^[A-Z][A-Z0-9]{1,9}-[0-9][0-9-]{0,30}$/;
export const caseIdMeaning = "capital letters, a hyphen and digits, such as CASE-1 or SEC-2026-0042";
