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

/** Tag of security groups by which machines are isolated; its value is the kind. */
export const isolationTag = "ir:isolation";

/**
 * `empty` lets nothing through, and stands in VPCs before an incident. `open` lets everything through, and `collect` only
 * what evidence is collected by: these two are made for a case, bear its tag too, and are removed at release.
 */
export const isolationKinds = ["empty", "open", "collect"] as const;
export type IsolationKind = (typeof isolationKinds)[number];

/**
 * A VPC that bears it gets no isolation group from the sweep. Not one of the kit's reserved tags: whoever owns the VPC
 * sets it.
 */
export const withoutIsolationGroup = { key: "aws-ir-kit:isolation-group", value: "none" } as const;

/** Every tag that begins with it is the kit's, whatever its case: IAM takes tag keys without regard to case. */
export const tagPrefixes = ["ir:", "IR:", "Ir:", "iR:"] as const;

/** Such as `CASE-1` or `SEC-2026-0042`: a tag's value, a folder's name and an argument without quoting. */
export const caseIdPattern = /^[A-Z][A-Z0-9]{1,9}-[0-9][0-9-]{0,30}$/;
export const caseIdMeaning = "capital letters, a hyphen and digits, such as CASE-1 or SEC-2026-0042";
