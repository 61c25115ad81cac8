import { Type } from "@sinclair/typebox";

/** A text that is one of these. */
export const literals = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: "string", enum: [...values], description });

export const closed = { additionalProperties: false } as const;

/** Begins with a letter or digit, and has nothing that a terminal acts on. */
export const printable = (longest: number) => `^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}\\p{P} ]{0,${longest - 1}}$`;

/** Prefixes aws: and ir:, in any case, and the kit's own two tags are taken. */
export const tagKey =
  "^(?![aA][wW][sS]:|[iI][rR]:|(?:[mM]anaged-[bB]y|[sS]tack|__proto__)$)[A-Za-z0-9 _.:/=+@-]{1,128}$";

export const AccountId = Type.String({
  pattern: "^[0-9]{12}$",
  description: "AWS account id: 12 digits, quoted",
  errorMessage: "is not an AWS account id, which has 12 digits",
});

export const Email = Type.String({
  format: "email",
  maxLength: 64,
  description: "Email address, at most 64 characters",
  errorMessage: "is not an email address of at most 64 characters",
});

export const RegionName = Type.String({
  pattern: "^[a-z]{2,4}(-[a-z]+)+-[0-9]$",
  description: "AWS region, such as eu-west-1",
  errorMessage: "is not an AWS region",
});

/** What stood and is given up: it stays in the file until nothing of it is left, so that nothing is destroyed. */
export const State = literals(
  ["retired"] as const,
  "Given up: Terraform forgets it and destroys nothing; left out, it is in use",
);

const unitName = "[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?";

export const OrganizationalUnitPath = Type.String({
  pattern: `^${unitName}(/${unitName}){0,4}$`,
  description: "Path of the organizational unit below the root, such as workloads/prod; at most 5 levels",
  errorMessage: "is not a path of one to five names of letters, digits, spaces, dots, hyphens, joined by /",
});

export const PhoneNumber = Type.String({
  pattern: "^[+(0-9][ 0-9()+-]{0,24}$",
  errorMessage: "is not a telephone number (digits, spaces, parentheses, + and -; at most 25 characters)",
});

export const owners = ["kit", "existing"] as const;
