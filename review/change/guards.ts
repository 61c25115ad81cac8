import type { Resource } from "../graph";
import { entryOf } from "../lists";
import { guards } from "./guards-table";
import type { AccessChange } from "./model";
import { placeOf } from "./places";
import { settings } from "./settings-table";
import { said, whatIsGiven } from "./values";

const comings = { narrowed: "is added", widened: "is removed" } as const;

/** A guard that came or went. What guards only what came or went with it changes nothing. */
export function guardChanges(
  resource: Resource,
  direction: keyof typeof comings,
  elsewhere: ReadonlySet<string>,
): AccessChange[] {
  const kind = entryOf(guards, resource.type);
  return kind && guardsSomething(resource, elsewhere)
    ? [{ ...placeOf(resource), kind, direction, what: comings[direction] }]
    : [];
}

/** @param elsewhere what there is, as `configured`, on the other side of the comparison */
function guardsSomething({ references }: Resource, elsewhere: ReadonlySet<string>): boolean {
  const guarded = [...references]
    .filter(([name]) => guardedBy.includes(name) || name.startsWith("dimensions"))
    .flatMap(([, to]) => to);
  return guarded.length === 0 || guarded.some((to) => elsewhere.has(to) || to.includes("/data."));
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
