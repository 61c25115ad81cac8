import type { FieldPath, Finding } from "../problems";
import type { ReadText } from "../read-text";
import { isRetired } from "../retired";
import type { AccountFile, LandscapeFile } from "../schema";
import { doorTypes } from "../schema/access";

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

/** The file after fields of the wrong shape were taken out, so that checks can run on the rest. */
export type SoundPart = DeepPartial<LandscapeFile>;

export type ListedAccount = {
  readonly path: FieldPath;
  readonly account: DeepPartial<AccountFile & { readonly state?: "retired" }>;
  readonly core: boolean;
};

/** Whether the schema found the field, or something in it, wrong: then nothing follows from its absence. */
export type IsWrong = (...path: FieldPath) => boolean;

/** One thing that a schema can't say. */
export type Check = (file: SoundPart, isWrong: IsWrong, readText: ReadText) => Finding[];

export function listedAccounts(file: SoundPart): ListedAccount[] {
  const core = Object.entries(file.accounts ?? {}).flatMap(([role, account]) =>
    account ? [{ path: ["accounts", role], account, core: true }] : [],
  );
  const members = (file.members ?? []).flatMap((account, index) =>
    account ? [{ path: ["members", index], account, core: false }] : [],
  );
  return [...core, ...members];
}

/** Watched regions by name, each with its place. */
export const regions = (file: SoundPart): { path: FieldPath; name: string; retired: boolean }[] =>
  (file.regions ?? []).flatMap((line, index) => {
    const name = typeof line === "object" ? line.name : line;
    if (line === undefined || name === undefined) return [];
    const path = ["regions", index, ...(typeof line === "object" ? ["name"] : [])];
    return [{ path, name, retired: isRetired(line) }];
  });

type DoorPart = NonNullable<NonNullable<NonNullable<SoundPart["access"]>["doors"]>[number]>;

/** Doors of a kind that there is: of others the schema has looked at nothing but the kind. */
export const doors = ({ access }: SoundPart): { path: FieldPath; door: DoorPart }[] =>
  (access?.doors ?? []).flatMap((door, index) =>
    door && (doorTypes as readonly unknown[]).includes(door.type)
      ? [{ path: ["access", "doors", index], door: door as DoorPart }]
      : [],
  );

/** Findings for every value that stands at an earlier path too. */
export function duplicates(
  entries: readonly (readonly [FieldPath, string | undefined])[],
  explain: (value: string, first: FieldPath) => string,
  normalize: (value: string) => string = (value) => value,
): Finding[] {
  const first = new Map<string, FieldPath>();
  return entries.flatMap(([path, value]) => {
    if (value === undefined) return [];
    const earlier = first.get(normalize(value));
    if (earlier) return [{ path, message: explain(value, earlier) }];
    first.set(normalize(value), path);
    return [];
  });
}

export const shortName = (path: FieldPath) => path.slice(0, 2).map(String).join(".");
