import type { Resource } from "../graph";
import { entryOf } from "../lists";
import { guards } from "./guards-table";
import type { AccessChange } from "./model";
import { placeOf } from "./places";
import { settings } from "./settings-table";
import { said, whatIsGiven } from "./values";

/** What guards only what came with it narrows nothing. */
export function guardCame(resource: Resource, configured: ReadonlySet<string>): AccessChange[] {
  const kind = entryOf(guards, resource.type);
  return kind && guardsSomething(resource, configured)
    ? [{ ...placeOf(resource), kind, direction: "narrowed", what: "is added" }]
    : [];
}

export function guardWent(resource: Resource, configured: ReadonlySet<string>): AccessChange[] {
  const kind = entryOf(guards, resource.type);
  return kind && guardsSomething(resource, configured)
    ? [{ ...placeOf(resource), kind, direction: "widened", what: "is removed" }]
    : [];
}

/** @param configured what there is on the other side of the comparison */
function guardsSomething({ references }: Resource, configured: ReadonlySet<string>): boolean {
  const guarded = [...references]
    .filter(([name]) => guardedBy.includes(name) || name.startsWith("dimensions"))
    .flatMap(([, to]) => to);
  return guarded.length === 0 || guarded.some((to) => configured.has(to) || to.includes("/data."));
}

/** Attributes by which guards name what they guard. */
const guardedBy = [
  "target_id",
  "policy_id",
  "permission_set_arn",
  "bucket",
  "vpc_id",
  "subnet_id",
  "resource_id",
  "resource_arn",
  "backup_vault_name",
  "detector_id",
  "rule",
  "ResourceId",
];

/** A guard that guards something else has left what it guarded before. */
export function guardMoved(was: Resource, is: Resource): AccessChange[] {
  const kind = entryOf(guards, is.type);
  // Blocks of the same name are settings of the guard.
  const names = guardedBy.filter((name) => !Array.isArray(is.attributes[name]));
  const [old, now] = [whatIsGiven(was, names), whatIsGiven(is, names)];
  if (!kind || old === now) return [];
  const change = (direction: "widened" | "narrowed", what: string): AccessChange => ({
    ...placeOf(is),
    kind,
    direction,
    what,
  });
  return [
    change("widened", `no longer guards ${old || "anything"}`),
    change("narrowed", `newly guards ${now || "anything"}`),
  ];
}

/** Attributes of guards that say nothing of what they do. */
const beside =
  /^(?:tags|tags_all|name|description|priority|alarm_name|alarm_description|target_id|Tags|Name|Description)$/;

/** A guard whose settings have no order: what it does now is for somebody to look at. */
export function guardsOtherwise(was: Resource, is: Resource): AccessChange[] {
  const kind = entryOf(guards, is.type);
  if (!kind) return [];
  const weighedBy = (entryOf(settings, is.type) ?? []).map(({ at }) => at.split(".")[0] ?? "");
  const looked = new Set([...guardedBy, ...weighedBy]);
  const names = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])].filter(
    (name) => !looked.has(name) && !beside.test(name) && said(was, name) !== said(is, name),
  );
  return names.length === 0
    ? []
    : [
        {
          ...placeOf(is),
          kind,
          direction: "cannot-tell",
          what: `guards otherwise than before: ${names.join(", ")}`,
        },
      ];
}
