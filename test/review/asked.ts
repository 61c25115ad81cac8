import type { Check, Schema } from "../../review/rules/rule";

/** What a type has, as `terraform providers schema -json` says it. */
export interface Block {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}

/** The schemas of a check, each with a type to whose resources it is put. */
export function askedOf(check: Check): { type: string; schema: Schema }[] {
  const each = (types: readonly string[], ...schemas: (Schema | undefined)[]) =>
    types.flatMap((type) => [{}, ...schemas].flatMap((schema) => (schema ? [{ type, schema }] : [])));
  if (check.kind === "policy") return [];
  if (check.kind === "presence") return [...each(check.given), ...each(check.types, check.schema)];
  const clauses = (check.assert ?? []).map(({ schema }) => schema);
  if (check.kind === "resource") return each(check.types, check.when, ...clauses);
  const { types, refersBy, refersTo, when } = check.companion;
  return [
    ...each(check.types, check.when, { required: [...refersTo] }),
    ...each(types, when, { requiredAny: [refersBy].flat() }, ...clauses),
  ];
}

/** Names that a schema asks for and a block of the provider has not. */
export function strangers(schema: unknown, block: Block | undefined): string[] {
  if (block === undefined) return ["(no such type)"];
  if (typeof schema !== "object" || schema === null) return [];
  const {
    required = [],
    requiredAny = [],
    properties = {},
    ...rest
  } = schema as {
    readonly required?: readonly string[];
    /** Of these, one: by which a companion refers. */
    readonly requiredAny?: readonly string[];
    readonly properties?: Readonly<Record<string, unknown>>;
  };
  const known = (name: string) => name in (block.attributes ?? {}) || name in (block.block_types ?? {});
  const below = Object.entries(properties).flatMap(([name, inner]) => {
    const nested = block.block_types?.[name]?.block;
    return nested ? strangers(inner, nested).map((stranger) => `${name}.${stranger}`) : [];
  });
  const inPlace = Object.values(rest).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).flatMap((inner) => strangers(inner, block)),
  );
  const needed = requiredAny.some(known) ? [] : requiredAny;
  return [
    ...[...required, ...needed, ...Object.keys(properties)].filter((name) => !known(name)),
    ...below,
    ...inPlace,
  ];
}
