import type { Resource } from "../graph";
import { entryOf } from "../lists";
import { policiesOf } from "../policies";
import { gifts, guards, roles } from "./guards-table";
import { namesOwners } from "./holders";
import { isPermission } from "./implied-policies";
import type { AccessKind } from "./model";
import { isDoor } from "./network-readers";
import { settings } from "./settings-table";

/** Whether who may do what can hang on a resource. */
export const concernsAccess = (resource: Resource): boolean =>
  namesOwners(resource.type) ||
  isDoor(resource.type) ||
  isPermission(resource.type) ||
  [gifts, guards, roles, settings].some((table) => Object.hasOwn(table, resource.type)) ||
  policiesOf(resource).length > 0;

/** The kind of access that a resource is most about, and some of its attributes. */
export function kindOf({ type }: Resource, attributes: readonly string[]): AccessKind {
  if (attributes.some((name) => /^assume_?role_?policy/i.test(name))) return "trust";
  if (isDoor(type)) return "network";
  if (Object.hasOwn(gifts, type)) return "sharing";
  const [setting] = entryOf(settings, type) ?? [];
  return entryOf(guards, type) ?? setting?.kind ?? (namesOwners(type) ? "permissions" : "resource-policy");
}
