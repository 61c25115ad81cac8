import { Type } from "@sinclair/typebox";
import { AccountId, closed, Email, literals, OrganizationalUnitPath, State } from "./texts";

export const AccountName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,48}[A-Za-z0-9]$",
  description: "Name of the account: letters, digits and hyphens, 2 to 50 characters",
  errorMessage: "is not a name of letters, digits and hyphens (2 to 50 characters)",
});

export const environments = ["production", "staging", "development", "sandbox"] as const;
export const EnvironmentName = literals(
  environments,
  "What runs there; inherited from the organizational unit",
);

export const Owner = Type.Object(
  {
    team: Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9 &._-]{0,62}$",
      errorMessage: "is not a team's name (letters, digits, spaces, & . _ -; at most 63 characters)",
    }),
    email: Email,
  },
  { ...closed, description: "Whom a responder calls" },
);

export const Create = Type.Object(
  { email: Email },
  {
    ...closed,
    description:
      "The kit creates and keeps the account; the address becomes its root user's and must be unused",
  },
);

export const accountFields = {
  id: Type.Optional(AccountId),
  name: Type.Optional(AccountName),
  create: Type.Optional(Create),
  ou: Type.Optional(OrganizationalUnitPath),
  owner: Type.Optional(Owner),
  environment: Type.Optional(EnvironmentName),
};

export const CoreAccount = Type.Object(accountFields, {
  ...closed,
  description: "A core account: id, or create",
});

export const Member = Type.Object(
  { ...accountFields, name: AccountName, ou: OrganizationalUnitPath, state: Type.Optional(State) },
  { ...closed, description: "Facts about a member account that AWS doesn't know, or an account to create" },
);

export const OrganizationalUnit = Type.Object(
  {
    path: OrganizationalUnitPath,
    id: Type.Optional(
      Type.String({
        pattern: "^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$",
        errorMessage: "is not an organizational unit's id (ou-, 4 to 32 characters, -, 8 to 32 characters)",
      }),
    ),
    create: Type.Optional(
      Type.Boolean({
        description: "The kit makes and keeps this unit; set by bootstrap when it writes the id",
      }),
    ),
    environment: Type.Optional(EnvironmentName),
    state: Type.Optional(State),
  },
  closed,
);
