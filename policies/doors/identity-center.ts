import { reservedRoleArn } from "../../landscape/arns";
import type { IdentityCenterDoor } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { EntranceOf } from "./door";

/**
 * IAM Identity Center: one permission set a task, assigned to a group, in the hub's account.
 *
 * Name: Identity Center names the session after its user, so `aws:userid` is `AROA…:<user name>`; the source identity
 * must be that name. It can't be forged from inside: only Identity Center assumes its reserved roles, and a source
 * identity has no `:` or `*`. No attribute of the instance is needed, which other people may have set up (ADR 0010).
 *
 * MFA: established by Identity Center (setting "Prompt users for MFA: every time they sign in"). AWS passes no MFA key
 * into such sessions, so nothing here can check it.
 *
 * Console: a user reaches the hub's account by the access portal and from there nothing else: Switch Role carries no
 * source identity and no tag. `ir-kit assume --console` opens the console of an account from the session it has.
 */
export const identityCenter: EntranceOf<IdentityCenterDoor> = (landscape, _door, task) => {
  const account = accountId(landscape.hub);
  return {
    kind: "IdentityCenter",
    account,
    principals: [reservedRoleArn(landscape, task, account)],
    verified: { StringLike: { "aws:userid": "*:${sts:SourceIdentity}" } },
  };
};
