import { gifts, guards, roles, standsBefore } from "../../review/change/guards-table";
import { settings } from "../../review/change/settings-table";
import type { Schema } from "../../review/rules/rule";

/** Every attribute that a comparison of two states looks at, as a schema that asks for it. */
export const compared: readonly { readonly type: string; readonly schema: Schema }[] = [
  ...Object.entries(settings).flatMap(([type, all]) => all.map(({ at }) => ({ type, at }))),
  ...[gifts, roles].flatMap((table) =>
    Object.entries(table).flatMap(([type, names]) => names.map((at) => ({ type, at }))),
  ),
  ...Object.entries(standsBefore).flatMap(([type, all]) => all.map(([at]) => ({ type, at }))),
  ...Object.keys(guards).map((type) => ({ type, at: "" })),
].map(({ type, at }) => ({ type, schema: nested(at) }));

function nested(at: string): Schema {
  return at
    .split(".")
    .reduceRight<Schema>((schema, name) => (name ? { properties: { [name]: schema } } : schema), {});
}
