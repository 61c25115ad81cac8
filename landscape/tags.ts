import type { Account, OrganizationalUnit } from "./model";

/** Tags by which anyone in AWS sees whom to call about an account, and what runs there. */
export const accountTags = ({ owner, environment }: Account): Record<string, string> => ({
  ...(owner && { "owner-team": owner.team, "owner-email": owner.email }),
  ...(environment && { environment }),
});

export const unitTags = ({ environment }: OrganizationalUnit): Record<string, string> => ({
  ...(environment && { environment }),
});
