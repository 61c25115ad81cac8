import { show } from "../../landscape/problems";
import { NotPossible } from "./errors";
import type { Kit } from "./kit";

/** A user or role of IAM. */
export interface Principal {
  readonly kind: "user" | "role";
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
}

const iamArn = /^arn:(aws[a-z-]*):iam::(\d{12}):(user|role)(\/(?:[!-~]+\/)?)([\w+=,.@-]{1,128})$/;
const sessionArn = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})$/;

/** @throws NotPossible for what is not the ARN of one role or user; the message says what is wanted */
export function principalOfArn(arn: string): Principal {
  const root = /^arn:[a-z-]+:iam::(\d{12}):root$/.exec(arn);
  if (root) throw new NotPossible(`${arn}: ${rootUser(root[1] ?? "")}`);
  const found = iamArn.exec(arn);
  if (!found) {
    throw new NotPossible(
      `${show(arn)} is not the ARN of a role or user, such as arn:aws:iam::123456789012:user/anna`,
    );
  }
  const [, , account = "", kind, path = "/", name = ""] = found;
  return { kind: kind as Principal["kind"], account, name, path, arn };
}

/** Why a root user is contained by other means. */
export const rootUser = (account: string): string =>
  `it is of the root user of ${account}, whom no IAM policy reaches: delete root's credentials from the management ` +
  "account (aws sts assume-root with the task policy IAMDeleteRootUserCredentials); the guardrails deny the root " +
  "user of a member meanwhile";

/** Role and session that an ARN of STS names; its role's path is not in it. */
export function sessionOfArn(arn: string): { account: string; role: string; session: string } | undefined {
  const found = sessionArn.exec(arn);
  if (!found) return undefined;
  return { account: found[2] ?? "", role: found[3] ?? "", session: found[4] ?? "" };
}

/**
 * `long-term` keys belong to a user or a root user, `temporary` ones to a session. Source: "Understanding unique ID
 * prefixes" (IAM user guide).
 *
 * @throws NotPossible for what is not the id of an access key
 */
export function accessKeyKind(id: string): "long-term" | "temporary" {
  const found = /^(AKIA|ASIA)[A-Z2-7]{16}$/.exec(id);
  if (found) return found[1] === "AKIA" ? "long-term" : "temporary";
  const meant = id.trim().toUpperCase();
  const nearest = /^(AKIA|ASIA)[A-Z2-7]{16}$/.test(meant) ? `; did you mean ${meant}?` : "";
  const other = /^(AIDA|AROA|ANPA|AGPA|AIPA|ABIA|ACCA|ASCA)/.test(meant)
    ? ", but the id of something else in IAM"
    : "";
  throw new NotPossible(
    `${show(id)} is not the id of an access key${other}: AKIA (of a user) or ASIA (of a session) and 16 capital ` +
      `letters and digits 2 to 7${nearest}`,
  );
}

/** A role that Identity Center makes for a permission set. Source: "Referencing permission sets". */
export const reservedRole = ({ kind, path }: Principal): boolean =>
  kind === "role" && path.startsWith("/aws-reserved/");

/** Why a principal may not be contained by attaching a policy, or nothing where it may. */
export function standsApart(kit: Kit, principal: Principal): string | undefined {
  const { kind, path, arn } = principal;
  if (path === kit.iamPath) {
    return (
      `${arn} is the kit's own. If it is in an attacker's hands, seal the account from the management account: ` +
      "npx ir-kit seal"
    );
  }
  if (kind === "role" && path.startsWith("/aws-service-role/")) {
    return (
      `${arn} is a service-linked role: AWS alone changes it, and no policy of yours reaches it. ` +
      "Stop what the service does with it (its own console), and contain whoever drives the service."
    );
  }
  if (reservedRole(principal)) {
    return (
      `${arn} is made by Identity Center, and IAM does not let anybody edit it. Cut the user's sessions: ` +
      "npx ir-kit respond role <arn of the session> (with --user-id <id>, where CloudTrail does not tell it); and " +
      "disable the user in Identity Center and delete their sessions there."
    );
  }
  if (kit.deployers.some((pattern) => matches(pattern, arn))) {
    return (
      `${arn} deploys the kit or the landing zone: guardrails let nobody edit it. Contain who assumes it; its own ` +
      "account is contained by the management account."
    );
  }
  return undefined;
}

const matches = (pattern: string, arn: string): boolean =>
  new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`).test(arn);

const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
