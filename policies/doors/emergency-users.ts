import type { EmergencyUsersDoor } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { EntranceOf } from "./door";
import { usersEntrance } from "./users";

/**
 * A few IAM users for the day on which the identity provider is down: in another account than the hub's, so that they
 * outlive that one too, and independent of any provider.
 *
 * Name: the user's own, by `${aws:username}`; each has a contact who answers for it.
 *
 * MFA: a device that shows codes, in the safe beside the password; in the call, at most an hour old. FIDO keys can't be
 * used in API calls ("Multi-factor authentication for API access", IAM user guide).
 *
 * Console: sign-in raises an alarm, and leads nowhere: the user may only assume hub roles, and Switch Role sets no
 * source identity. `ir-kit assume --console` opens the console of an account from the session that it has.
 */
export const emergencyUsers: EntranceOf<EmergencyUsersDoor> = (landscape, { account, users }, task) =>
  usersEntrance(landscape, "EmergencyUsers", accountId(landscape.accounts[account]), users, task);
