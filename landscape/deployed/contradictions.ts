import { accountKey, unitKey } from "../names";
import { show } from "../problems";
import type { Deployed } from "./schema";

/** Something in a lock file that the kit never writes: the file was edited, or merged by hand. */
export interface Contradiction {
  readonly field: string;
  readonly message: string;
}

/** Entries that stand there twice, and addresses of accounts and units whose entries are missing or say less. */
export const contradictionsIn = (deployed: Deployed): Contradiction[] => [
  ...twice("accounts", deployed.accounts, "name"),
  ...twice("accounts", deployed.accounts, "id"),
  ...twice("organizationalUnits", deployed.organizationalUnits, "path"),
  ...twice("organizationalUnits", deployed.organizationalUnits, "id"),
  ...twice("regions", deployed.regions, "name"),
  ...twice("stacks", deployed.stacks, "name"),
  ...deployed.stacks.flatMap((stack, index) =>
    stack.name === "organization" ? unsaid(deployed, stack.kept, index) : [],
  ),
];

function twice<Field extends string>(
  list: string,
  entries: readonly { readonly [Key in Field]?: string | undefined }[],
  field: Field,
): Contradiction[] {
  const values = entries.map((entry) => entry[field]);
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    return value === undefined || first === index
      ? []
      : [
          {
            field: `${list}.${index}.${field}`,
            message: `${show(value)} stands in ${list}.${first} too: after a merge, join the two entries`,
          },
        ];
  });
}

/** What the kit has made, and Terraform keeps, has an entry that says so: by it alone a lost line is noticed. */
function unsaid(deployed: Deployed, kept: readonly string[] = [], stack: number): Contradiction[] {
  const made = new Set([
    ...deployed.accounts
      .filter((account) => account.made)
      .map(({ name }) => `aws_organizations_account.${accountKey(name)}`),
    ...deployed.organizationalUnits
      .filter((unit) => unit.made)
      .map(({ path }) => `aws_organizations_organizational_unit.${unitKey(path)}`),
  ]);
  return kept.flatMap((address, index) =>
    !/^aws_organizations_/.test(address) || made.has(address)
      ? []
      : [
          {
            field: `stacks.${stack}.kept.${index}`,
            message: `${show(address)} has no entry with "made": true among accounts or organizationalUnits`,
          },
        ],
  );
}
