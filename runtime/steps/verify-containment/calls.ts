import { type CallRecord, callsOf, shownFrom } from "../../shared/activity";
import { utc } from "../../shared/clock";
import type { Principal } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import { closed, type Finding, open, tooEarly, unknown } from "./finding";

/**
 * What no policy denies: who one is, AWS tells whoever holds a key; GetSessionToken authenticates; and a password
 * opens a console in which nothing can be done. Sources: AWS STS API reference, GetCallerIdentity; "Controlling access
 * for AWS STS" (IAM user guide).
 */
const neverDenied = new Set([
  "GetCallerIdentity",
  "GetSessionToken",
  "ConsoleLogin",
  "GetSigninToken",
  "CheckMfa",
]);

/** A refusal of IAM or STS; a dry run that would have gone through, or a missing thing, is none. */
const refusal = /AccessDenied|Unauthorized|NotAuthorized|InvalidClientTokenId|AuthFailure|ExpiredToken/;

/** AWS has not come to a decision. */
const undecided =
  /Throttl|RequestLimitExceeded|TooManyRequests|ServiceUnavailable|InternalFailure|InternalError/;

/** Policies take effect after some seconds; a call within them proves nothing. */
const propagation = 10_000;

/** Whether CloudTrail shows a call that went through after a containment. */
export async function calls(
  setting: Setting,
  principal: Principal,
  contained: string,
  concerned: (call: CallRecord) => boolean | undefined,
): Promise<Finding> {
  const since = new Date(new Date(contained).getTime() + propagation);
  const { calls: all, incomplete } = await callsOf(setting, principal, new Date(contained));
  const later = all.filter(({ time }) => new Date(time) > since);
  const telling = later.filter((call) => !neverDenied.has(call.name) && concerned(call) !== false);
  const letThrough = telling.filter(
    ({ error }) => error === undefined || !(refusal.test(error) || undecided.test(error)),
  );
  const through = letThrough.filter(concerned);
  if (through.length > 0) {
    const named = through
      .slice(0, 5)
      .map(
        ({ name, time, ip, error }) =>
          `${name} at ${time} from ${ip}${error === undefined ? "" : ` (${error})`}`,
      );
    return open(`${through.length} calls were let through after ${contained}: ${named.join("; ")}`);
  }
  if (incomplete.length > 0) return unknown(incomplete.join("; "));
  if (letThrough.length > 0) {
    return unknown(
      `${letThrough.length} calls were let through of which CloudTrail does not tell whose they are`,
    );
  }
  const where = `refused: ${telling.length}, in ${setting.kit.regions.join(", ")}`;
  const shown = shownFrom(since);
  return setting.clock.now() < shown
    ? tooEarly(`none that was let through is shown yet, ${where}: check again after ${utc(shown)}`)
    : closed(`none was let through after ${contained}, ${where}`);
}
