import {
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
} from "@aws-sdk/client-organizations";
import type { FrontContext } from "../front";

/** A list as the query protocol spells it. */
export const listed = (parameters: Readonly<Record<string, unknown>>, name: string): string[] =>
  Object.entries(parameters)
    .filter(([key]) => key.startsWith(`${name}.member.`))
    .map(([, value]) => String(value));

/** Every account in a unit and in those below it. */
export async function accountsBelow(ParentId: string, context: FrontContext): Promise<string[]> {
  const client = context.accounts.organizations();
  const accounts: string[] = [];
  for await (const page of paginateListAccountsForParent({ client }, { ParentId })) {
    for (const { Id } of page.Accounts ?? []) if (Id !== undefined) accounts.push(Id);
  }
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId })) {
    for (const { Id } of page.OrganizationalUnits ?? []) {
      if (Id !== undefined) accounts.push(...(await accountsBelow(Id, context)));
    }
  }
  return accounts;
}
