import type { IamUsersDoor } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { EntranceOf } from "./door";
import { usersEntrance } from "./users";

/**
 * IAM users in the hub's account, for organizations without an identity provider.
 *
 * Name: the user's own, by `${aws:username}`.
 *
 * MFA: in the call that assumes the role, at most an hour old.
 *
 * Console: a user can sign in and do nothing but switch roles, which this trust refuses: Switch Role sets no source
 * identity. Credentials and MFA device are made by hand (docs/operations.md): Terraform would keep them in its state.
 */
export const iamUsers: EntranceOf<IamUsersDoor> = (landscape, { users }, task) =>
  usersEntrance(landscape, "IamUsers", accountId(landscape.hub), users, task);
