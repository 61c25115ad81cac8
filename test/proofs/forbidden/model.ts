/** What a task may never do: a request that AWS must refuse to the role that does the task. */
export type Task =
  | "investigate"
  | "contain"
  | "evidence"
  | "credentials"
  | "recover"
  | "auto-logging"
  | "auto-triage"
  | "auto-credentials";

export interface Forbidden {
  readonly id: string;
  readonly tasks: "all" | readonly Task[];
  readonly action: string;
  readonly resource: string;
  /** account owning the resource */
  readonly account: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  readonly because: string;
  readonly source?: string;
}

export const tasks: readonly Task[] = [
  "investigate",
  "contain",
  "evidence",
  "credentials",
  "recover",
  "auto-logging",
  "auto-triage",
  "auto-credentials",
];

export const except = (...allowed: readonly Task[]): readonly Task[] =>
  tasks.filter((task) => !allowed.includes(task));

export const management = "111111111111";
export const hub = "222222222222";
export const logArchive = "333333333333";
export const forensics = "444444444444";
export const member = "555555555555";
/** An account outside the organization. */
export const stranger = "999999999999";

const region = "eu-west-1";

export const arn = (service: string, resource: string, account = member): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
/** EC2's images and snapshots, and Bedrock's models, name no account. */
export const shared = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}::${resource}`;
export const iam = (resource: string, account = member): string => `arn:aws:iam::${account}:${resource}`;
export const ec2 = (resource: string): string => arn("ec2", resource);
export const s3 = (resource: string): string => `arn:aws:s3:::${resource}`;
export const organizations = (resource: string): string => `arn:aws:organizations::${management}:${resource}`;

export const instance = ec2("instance/i-0123456789abcdef0");
export const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
export const quarantine = iam("policy/acme-ir/acme-ir-quarantine-deny-all");

type Context = Readonly<Record<string, string | string[]>>;

/** After the reason stands, where there is one, the source, a text, and then the context. */
export type Row = readonly [
  action: string,
  resource: string,
  because: string,
  ...details: readonly (string | Context)[],
];

/**
 * Entries that differ in no more than their rows. A resource whose ARN names no account belongs to `account`,
 * the member account unless said otherwise.
 */
export const forbid = (
  to: "all" | readonly Task[],
  rows: readonly Row[],
  account = member,
): readonly Forbidden[] =>
  rows.map(([action, resource, because, ...details]) => {
    const source = details.find((detail) => typeof detail === "string");
    const context = details.find((detail) => typeof detail !== "string");
    return {
      id: idOf(action, resource),
      tasks: to,
      action,
      resource,
      account: ownerOf(resource) ?? account,
      because,
      ...(context !== undefined && { context }),
      ...(source !== undefined && { source }),
    };
  });

/** What is as distinct as action and resource are together, and short enough for the title of a test. */
function idOf(action: string, resource: string): string {
  if (resource === "*") return action;
  const [, , , , account, ...rest] = resource.split(":");
  const name = rest.join(":");
  return account === member || account === "" ? `${action} ${name}` : `${action} ${account}:${name}`;
}

function ownerOf(resource: string): string | undefined {
  const account = resource.split(":")[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** A method of github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation, and paths that are the same. */
export const rhino = (method: number, ...paths: readonly string[]): string =>
  [`Rhino Security Labs, method ${method}`, ...(paths.length > 0 ? [path(...paths)] : [])].join("; ");

/** Paths of https://pathfinding.cloud by DataDog. */
export const path = (...paths: readonly string[]): string => `pathfinding.cloud ${paths.join(", ")}`;

/** A module of https://github.com/nccgroup/PMapper that draws the edge, or names the risk. */
export const pmapper = (module: string): string => `PMapper ${module}`;

/** A pattern of Prowler's iam_policy_allows_privilege_escalation, or the path that Prowler gives for it. */
export const prowler = (pattern: string): string => `Prowler ${pattern}`;

/** A technique of https://stratus-red-team.cloud by DataDog, without its `aws.`. */
export const stratus = (technique: string): string => `Stratus Red Team aws.${technique}`;
