import { callsOf } from "../../runtime/shared/activity";
import { NotPossible } from "../../runtime/shared/errors";
import { reservedRole, sessionOfArn } from "../../runtime/shared/principal";
import type { Setting } from "../../runtime/shared/setting";
import { run } from "../../runtime/shared/step";
import type { Sessions } from "../../runtime/steps/cut-sessions";
import { identifyPrincipal } from "../../runtime/steps/identify-principal";

/**
 * The Identity Center user behind a session of a permission set, as CloudTrail tells it in `onBehalfOf`; nothing for
 * other principals. Source: "CloudTrail use cases for IAM Identity Center".
 *
 * @throws NotPossible where CloudTrail does not tell, with the way to name the user
 */
export async function identityCenterUser(
  setting: Setting,
  given: { readonly accessKeyId: string } | { readonly arn: string },
  since: Date,
): Promise<Sessions | undefined> {
  const session = "arn" in given ? sessionOfArn(given.arn) : undefined;
  if (!("arn" in given) || !session?.role.startsWith("AWSReservedSSO_")) return undefined;
  const { principal } = await run(setting, identifyPrincipal, given);
  if (!reservedRole(principal)) return undefined;
  const { calls, incomplete } = await callsOf(setting, principal, since);
  const ids = new Set(
    calls
      .filter(({ identity }) => identity.arn === given.arn)
      .flatMap(({ identity }) => identity.onBehalfOf ?? []),
  );
  const [id] = ids;
  if (ids.size === 1 && id !== undefined) return { kind: "identity-center-user", id };
  throw new NotPossible(
    `CloudTrail does not tell whose session ${given.arn} is${unread(incomplete)}: find the user's id in Identity Center (aws identitystore ` +
      "list-users), and name it with --user-id <id>",
  );
}

const unread = (incomplete: readonly string[]): string =>
  incomplete.length === 0 ? "" : ` (not read: ${incomplete.join(", ")})`;
