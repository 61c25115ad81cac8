import type { Account, IamUser, OrganizationalUnit } from "./model";

/** Tags by which anyone in AWS sees whom to call about an account, and what runs there. */
export const accountTags = ({ owner, environment }: Account): Record<string, string> => ({
  ...(owner && { "owner-team": owner.team, "owner-email": owner.email }),
  ...(environment && { environment }),
});

export const unitTags = ({ environment }: OrganizationalUnit): Record<string, string> => ({
  ...(environment && { environment }),
});

/** Whom to call about a user that is nobody's own. */
export const userTags = ({ contact }: IamUser): Record<string, string> => ({
  ...(contact && { "contact-email": contact.email }),
  ...(contact?.phone !== undefined && { "contact-phone": contact.phone.replace(/[()]/g, " ") }),
});
