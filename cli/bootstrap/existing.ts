import {
  type Account as AwsAccount,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListOrganizationalUnitsForParent,
  paginateListTagsForResource,
  TagResourceCommand,
} from "@aws-sdk/client-organizations";
import { type Account, hasId, isCreated, type Landscape, listedAccounts } from "../../landscape";
import { accountKey, unitKey } from "../../landscape/names";
import { accountTags } from "../../landscape/tags";
import { Refused } from "../errors";
import type { Addition } from "./organization";

/** What AWS has already of the units and accounts that the landscape wants made. */
export interface Existing {
  /** Units that somebody else made: their ids go into the landscape, and they are left alone. */
  readonly referencedUnits: ReadonlyMap<string, string>;
  /** Made by an earlier run of bootstrap that broke off: Terraform address and id. */
  readonly unfinished: readonly { readonly address: string; readonly id: string }[];
}

/**
 * Looks for units and accounts that are to be made and exist.
 *
 * @throws Refused for an account to create whose address an account of somebody else's making has
 */
export async function findExisting(
  client: OrganizationsClient,
  landscape: Landscape,
  rootId: string,
): Promise<Existing> {
  const units = await findUnits(client, landscape, rootId);
  const accounts = await findAccounts(client, landscape);
  return { referencedUnits: units.referencedUnits, unfinished: [...units.unfinished, ...accounts] };
}

async function findUnits(
  client: OrganizationsClient,
  landscape: Landscape,
  rootId: string,
): Promise<Existing> {
  const referencedUnits = new Map<string, string>();
  const unfinished: { address: string; id: string }[] = [];
  const ids = new Map<string | undefined, string>([[undefined, rootId]]);
  const byDepth = [...landscape.organizationalUnits].sort(
    (a, b) => a.path.split("/").length - b.path.split("/").length,
  );
  for (const unit of byDepth) {
    const parent = ids.get(unit.parent);
    const id = unit.id ?? (parent === undefined ? undefined : await childUnit(client, parent, unit.name));
    if (id === undefined) continue;
    ids.set(unit.path, id);
    if (unit.id !== undefined) continue;
    if (await madeByKit(client, id)) {
      unfinished.push({ address: `aws_organizations_organizational_unit.${unitKey(unit.path)}`, id });
    } else {
      referencedUnits.set(unit.path, id);
    }
  }
  return { referencedUnits, unfinished };
}

async function childUnit(
  client: OrganizationsClient,
  parent: string,
  name: string,
): Promise<string | undefined> {
  for await (const page of paginateListOrganizationalUnitsForParent({ client }, { ParentId: parent })) {
    const found = page.OrganizationalUnits?.find((unit) => unit.Name === name);
    if (found?.Id !== undefined) return found.Id;
  }
  return undefined;
}

async function findAccounts(client: OrganizationsClient, landscape: Landscape) {
  const wanted = listedAccounts(landscape).filter((account) => isCreated(account) && !hasId(account));
  const unfinished: { address: string; id: string }[] = [];
  if (wanted.length === 0) return unfinished;
  for await (const page of paginateListAccounts({ client }, {})) {
    for (const account of page.Accounts ?? []) {
      const match = wanted.find(({ rootEmail }) => rootEmail?.toLowerCase() === account.Email?.toLowerCase());
      if (!match || account.Id === undefined) continue;
      await mustBeOurs(client, match, account);
      unfinished.push({ address: `aws_organizations_account.${accountKey(match.name)}`, id: account.Id });
    }
  }
  return unfinished;
}

async function mustBeOurs(
  client: OrganizationsClient,
  wanted: Account,
  { Id = "", Email }: AwsAccount,
): Promise<void> {
  if (await madeByKit(client, Id)) return;
  throw new Refused(
    `account ${wanted.name} is to be created with ${Email}, and account ${Id} has that address already: ` +
      `write id: "${Id}" in place of create`,
  );
}

const madeByKit = async (client: OrganizationsClient, id: string): Promise<boolean> =>
  (await tagsOf(client, id)).get("managed-by") === "aws-ir-kit";

async function tagsOf(client: OrganizationsClient, id: string): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  for await (const page of paginateListTagsForResource({ client }, { ResourceId: id })) {
    for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags.set(Key, Value ?? "");
  }
  return tags;
}

/** Owner and environment of accounts that are only referenced: tags are added, and none that stands is changed. */
export async function missingTags(client: OrganizationsClient, landscape: Landscape): Promise<Addition[]> {
  const additions: Addition[] = [];
  for (const account of listedAccounts(landscape).filter(hasId)) {
    const wanted = Object.entries(accountTags(account));
    if (isCreated(account) || wanted.length === 0) continue;
    const present = await tagsOf(client, account.id);
    const missing = wanted.filter(([key]) => !present.has(key));
    if (missing.length === 0) continue;
    additions.push({
      what: `tags of account ${account.name} (${account.id}): ${missing.map(([key]) => key).join(", ")}`,
      apply: async () => {
        const Tags = missing.map(([Key, Value]) => ({ Key, Value }));
        await client.send(new TagResourceCommand({ ResourceId: account.id, Tags }));
      },
    });
  }
  return additions;
}
