import type { Landscape } from "../../landscape";
import type { TaskName } from "../../landscape/tasks";
import { WrongUse } from "../errors";
import { SessionCache } from "./cache";
import { callerAtDoor } from "./caller";
import { enter, type SessionCredentials, stsIn } from "./chain";
import { type MfaOptions, mfaOf } from "./mfa";

export interface OpenOptions extends MfaOptions {
  /** Whether a session that is open is used again. */
  readonly cache?: boolean;
}

/**
 * A session of a task in an account, for a case: by the door into the hub, and from there into the account. One that is
 * open still is used again, unless the options say otherwise.
 *
 * @throws WrongUse, and Refused where AWS does not let the caller in
 */
export async function openSession(
  landscape: Landscape,
  { task, account, caseId }: { readonly task: TaskName; readonly account: string; readonly caseId: string },
  options: OpenOptions,
): Promise<SessionCredentials> {
  if (!landscape.access) throw new WrongUse("the landscape has no access: there is no hub to enter by");
  const stsFor = stsIn(landscape.homeRegion);
  const own = stsFor();
  const { accessKeyId } = await own.config.credentials();
  const cache = new SessionCache();
  const key = [accessKeyId, task, account, caseId];
  const standing = options.cache === false ? undefined : cache.read(key);
  if (standing) return standing;
  const caller = await callerAtDoor(own, landscape);
  const mfa = await mfaOf(caller, options);
  const session = await enter(
    stsFor,
    landscape,
    { ...caller, ...mfa.device },
    { task, account, caseId, ...mfa.code },
  );
  cache.write(key, session);
  return session;
}
