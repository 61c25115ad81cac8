import { sameInstance } from "../companions";
import { type Graph, isUnknown, type Resource } from "../graph";
import { addTo, entryOf } from "../lists";
import { roles } from "./guards-table";
import { byId } from "./places";
import { valuesAt } from "./values";

/** Something that runs under another role than before; the roles, where they stand here. */
export interface RoleSwap {
  readonly resource: Resource;
  readonly was: Resource | undefined;
  readonly is: Resource | undefined;
}

/** What runs under another role than before: by what its attribute refers to, or else by the name or ARN there. */
export function roleSwaps(before: Graph, after: Graph): RoleSwap[] {
  const old = byId(before);
  const [oldRoles, nowRoles] = [rolesOf(before), rolesOf(after)];
  return after.resources.flatMap((resource) => {
    const was = old.get(resource.id);
    return (was ? (entryOf(roles, resource.type) ?? []) : []).flatMap((attribute) =>
      was && meant(was, attribute) !== meant(resource, attribute)
        ? [{ resource, was: roleAt(oldRoles, was, attribute), is: roleAt(nowRoles, resource, attribute) }]
        : [],
    );
  });
}

const meant = (resource: Resource, attribute: string): string => {
  const [value] = valuesAt(resource.attributes, attribute);
  const isOpen = value === undefined || isUnknown(value);
  return JSON.stringify(isOpen ? (resource.references.get(attribute) ?? []) : value);
};

const isRole = /^(aws_iam_role|AWS::IAM::Role)$/;

/** By the id that references have, and by name. */
function rolesOf({ resources }: Graph): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const role of resources) {
    if (!isRole.test(role.type)) continue;
    addTo(found, role.configured, role);
    const name = role.attributes.name ?? role.attributes.RoleName;
    if (typeof name === "string" && !isUnknown(name)) addTo(found, name, role);
  }
  return found;
}

/** Nothing where the role stands elsewhere, or more than one may be meant. */
function roleAt(
  known: ReadonlyMap<string, readonly Resource[]>,
  resource: Resource,
  attribute: string,
): Resource | undefined {
  const [value] = valuesAt(resource.attributes, attribute);
  const names =
    typeof value === "string" && !isUnknown(value)
      ? [value.slice(value.lastIndexOf("/") + 1)]
      : (resource.references.get(attribute) ?? []);
  const found = names.flatMap((name) => known.get(name) ?? []).filter((role) => sameInstance(role, resource));
  return found.length === 1 ? found[0] : undefined;
}
