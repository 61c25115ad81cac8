/** What is found in a resource: where, and the value as AWS will receive it. */
export interface Found {
  /** Such as `rule[].id`: lists without indexes, keys of maps by their names. */
  readonly path: string;
  readonly value: unknown;
}

/** As long as any ARN, id or name that only an apply knows. */
export const unknownText = "x".repeat(128);

const expression = /(?<!\$)\$\{[^{}]*\}/g;

/** Whether a text is nothing but a reference to another resource, of Terraform's or of a resolved template. */
export const isReference = (value: unknown): boolean =>
  value === unknownText || (typeof value === "string" && /^\$\{[^{}]*\}$/.test(value));

/** A text of Terraform's as AWS will receive it; what only an apply knows counts as {@link unknownText}. */
export const received = (text: string): string =>
  text.replace(expression, unknownText).replace(/([$%])\1(?=\{)/g, "$1");

const steps = (path: string): string[] => path.match(/\[\]|\{\}|[^.[\]{}]+/g) ?? [];

/** Values at a path, in which `[]` is each item of a list and `{}` each value of a map. */
export function valuesAt(holder: unknown, path: string): unknown[] {
  return steps(path).reduce<unknown[]>(
    (holders, step) =>
      holders.flatMap((each): unknown[] => {
        if (each === null || typeof each !== "object") return [];
        if (step === "[]") return Array.isArray(each) ? each : [each];
        if (step === "{}") return Object.values(each);
        const value = (each as Readonly<Record<string, unknown>>)[step];
        return value === undefined ? [] : [value];
      }),
    [holder],
  );
}

/** Every text in a value, with its path. */
export function texts(value: unknown, path = ""): Found[] {
  if (typeof value === "string") return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, `${path}[]`));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, each]) => texts(each, path === "" ? key : `${path}.${key}`));
}

/** Whether a text at `path` is covered by the entry of a table: itself, or the document that it stands in. */
export function covers(entry: string, path: string): boolean {
  const pattern = entry
    .split(/(\{\})/)
    .map((part) => (part === "{}" ? "\\..+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${pattern}(?:[.[].*)?$`, "s").test(path);
}
