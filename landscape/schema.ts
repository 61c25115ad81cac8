import { type Static, Type } from "@sinclair/typebox";
import { partitionNames } from "./partitions";

/**
 * The shape of `landscape.yaml`, authored once: the TypeScript type below and the editor's JSON Schema
 * (`config/landscape.schema.json`) both come from it. Every `errorMessage` completes the sentence
 * "<field>: <value found> …".
 */
const literals = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: "string", enum: [...values], description });

const closed = { additionalProperties: false } as const;

/** Begins with a letter or digit, and has nothing that a terminal acts on. */
const printable = (longest: number) => `^[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}\\p{P} ]{0,${longest - 1}}$`;

/** Prefixes aws: and ir:, in any case, and the kit's own two tags are taken. */
const tagKey =
  "^(?![aA][wW][sS]:|[iI][rR]:|(?:[mM]anaged-[bB]y|[sS]tack|__proto__)$)[A-Za-z0-9 _.:/=+@-]{1,128}$";

const AccountId = Type.String({
  pattern: "^[0-9]{12}$",
  description: "AWS account id: 12 digits, quoted",
  errorMessage: "is not an AWS account id, which has 12 digits",
});

const Email = Type.String({
  format: "email",
  maxLength: 64,
  description: "Email address, at most 64 characters",
  errorMessage: "is not an email address of at most 64 characters",
});

const AccountName = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,48}[A-Za-z0-9]$",
  description: "Name of the account: letters, digits and hyphens, 2 to 50 characters",
  errorMessage: "is not a name of letters, digits and hyphens (2 to 50 characters)",
});

const unitName = "[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?";

const OrganizationalUnitPath = Type.String({
  pattern: `^${unitName}(/${unitName}){0,4}$`,
  description: "Path of the organizational unit below the root, such as workloads/prod; at most 5 levels",
  errorMessage: "is not a path of one to five names of letters, digits, spaces, dots, hyphens, joined by /",
});

const environments = ["production", "staging", "development", "sandbox"] as const;
const Environment = literals(environments, "What runs there; inherited from the organizational unit");

const Owner = Type.Object(
  {
    team: Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9 &._-]{0,62}$",
      errorMessage: "is not a team's name (letters, digits, spaces, & . _ -; at most 63 characters)",
    }),
    email: Email,
  },
  { ...closed, description: "Whom a responder calls" },
);

const Create = Type.Object(
  { email: Email },
  {
    ...closed,
    description:
      "The kit creates and keeps the account; the address becomes its root user's and must be unused",
  },
);

const accountFields = {
  id: Type.Optional(AccountId),
  name: Type.Optional(AccountName),
  create: Type.Optional(Create),
  ou: Type.Optional(OrganizationalUnitPath),
  owner: Type.Optional(Owner),
  environment: Type.Optional(Environment),
};

const CoreAccount = Type.Object(accountFields, { ...closed, description: "A core account: id, or create" });

const Member = Type.Object(
  { ...accountFields, name: AccountName, ou: OrganizationalUnitPath },
  { ...closed, description: "Facts about a member account that AWS doesn't know, or an account to create" },
);

const OrganizationalUnit = Type.Object(
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
    environment: Type.Optional(Environment),
  },
  closed,
);

const RegionName = Type.String({
  pattern: "^[a-z]{2,4}(-[a-z]+)+-[0-9]$",
  description: "AWS region, such as eu-west-1",
  errorMessage: "is not an AWS region",
});

const owners = ["kit", "existing"] as const;
export const dataEventKinds = ["s3-write", "s3-read", "lambda-invoke", "dynamodb-write"] as const;

const Logging = Type.Object(
  {
    owner: Type.Optional(literals(owners, "existing: the organization has its own trail and log buckets")),
    retentionDays: Type.Optional(
      Type.Integer({
        minimum: 90,
        maximum: 3653,
        description: "Days that logs are kept",
        errorMessage: "is not a number of days from 90 to 3653",
      }),
    ),
    lock: Type.Optional(
      literals(
        ["governance", "compliance"] as const,
        "Object Lock: compliance can't be undone by anyone, root included",
      ),
    ),
    lockDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3653,
        description: "Days that a log can't be deleted; the retention where left out",
        errorMessage: "is not a number of days from 1 to 3653",
      }),
    ),
    acknowledgeIrreversible: Type.Optional(Type.Boolean({ description: "Needed for lock: compliance" })),
    archiveAfterDays: Type.Optional(
      Type.Integer({
        minimum: 30,
        maximum: 3653,
        description: "Days until logs move to S3 Glacier Instant Retrieval",
        errorMessage: "is not a number of days from 30 to 3653",
      }),
    ),
    dataEvents: Type.Optional(
      Type.Array(literals(dataEventKinds, "Data events that the trail records, beside management events"), {
        uniqueItems: true,
        errorMessage: "is not a list of distinct kinds of data events",
      }),
    ),
  },
  closed,
);

const LocalBackend = Type.Object(
  {
    type: Type.Literal("local"),
    directory: Type.Optional(
      Type.String({
        pattern: "^(?!cdktf\\.out(?:/|$))(?:(?!\\.\\.?(?:/|$))[A-Za-z0-9._-]+(?:/(?!$)|$))+$",
        description: "Folder of the state files, relative to the project",
        errorMessage: "is not a folder inside the project, other than cdktf.out",
      }),
    ),
  },
  closed,
);

const S3Backend = Type.Object(
  {
    type: Type.Literal("s3"),
    account: Type.Optional(
      literals(["management", "security", "logArchive", "forensics"] as const, "Account of the state bucket"),
    ),
  },
  closed,
);

const Backend = Type.Unsafe<Static<typeof LocalBackend> | Static<typeof S3Backend>>({
  type: "object",
  description: "Where Terraform's state is kept",
  properties: { type: { type: "string" } },
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: [LocalBackend, S3Backend],
});

export const LandscapeSchema = Type.Object(
  {
    organization: Type.Object(
      {
        name: Type.String({
          pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
          maxLength: 20,
          description: "Short name, prefix of every name the kit makes",
          errorMessage:
            "is not a short name of lower-case letters, digits and single hyphens (at most 20 characters)",
        }),
        id: Type.Optional(
          Type.String({
            pattern: "^o-[a-z0-9]{10,32}$",
            errorMessage: "is not an organization's id (o- and 10 to 32 lower-case letters or digits)",
          }),
        ),
        rootId: Type.Optional(
          Type.String({
            pattern: "^r-[0-9a-z]{4,32}$",
            errorMessage: "is not a root's id (r- and 4 to 32 lower-case letters or digits)",
          }),
        ),
        partition: Type.Optional(literals(partitionNames, "AWS partition")),
      },
      closed,
    ),
    landingZone: Type.Optional(
      literals(
        ["none", "control-tower", "lza"] as const,
        "Who made the organization's structure; with control-tower and lza the kit makes no OUs, accounts or trail",
      ),
    ),
    homeRegion: RegionName,
    regions: Type.Array(RegionName, {
      minItems: 1,
      uniqueItems: true,
      description: "Regions that are watched",
      errorMessage: "is not a list of at least one region, each once",
    }),
    accounts: Type.Object(
      {
        management: Type.Object(
          {
            id: AccountId,
            name: Type.Optional(AccountName),
            owner: Type.Optional(Owner),
            environment: Type.Optional(Environment),
          },
          closed,
        ),
        security: CoreAccount,
        logArchive: Type.Optional(CoreAccount),
        forensics: Type.Optional(CoreAccount),
      },
      closed,
    ),
    organizationalUnits: Type.Optional(
      Type.Array(OrganizationalUnit, { errorMessage: "is not a list of organizational units" }),
    ),
    members: Type.Optional(Type.Array(Member, { errorMessage: "is not a list of accounts" })),
    securityContact: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            pattern: printable(64),
            errorMessage: "is not a name of 1 to 64 printable characters",
          }),
          title: Type.String({
            pattern: printable(50),
            errorMessage: "is not a title of 1 to 50 printable characters",
          }),
          email: Email,
          phone: Type.String({
            pattern: "^[+(0-9][ 0-9()+-]{0,24}$",
            errorMessage:
              "is not a telephone number (digits, spaces, parentheses, + and -; at most 25 characters)",
          }),
        },
        { ...closed, description: "Alternate security contact of every account" },
      ),
    ),
    distribution: Type.Optional(
      literals(["stackset", "direct"] as const, "How the baseline reaches the accounts"),
    ),
    deployRole: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9+=,.@_-]{1,64}$",
        description: "Role that Terraform assumes in the other accounts",
        errorMessage: "is not a role's name",
      }),
    ),
    tags: Type.Optional(
      Type.Record(
        Type.String({ pattern: tagKey }),
        Type.String({
          pattern: "^[A-Za-z0-9 _.:/=+@-]{0,256}$",
          errorMessage: "is not a tag's value (letters, digits, spaces and _ . : / = + - @; at most 256)",
        }),
        {
          description: "Tags on every resource; aws: and ir: are reserved",
          additionalProperties: false,
          maxProperties: 40,
          errorMessage: "has more than 40 tags; AWS allows 50 with those of the kit",
        },
      ),
    ),
    backend: Type.Optional(Backend),
    logging: Type.Optional(Logging),
  },
  { ...closed, $id: "https://aws-ir-kit.example/landscape.schema.json", title: "aws-ir-kit landscape" },
);

/** `landscape.yaml` as written: what may be left out is optional. */
export type LandscapeFile = Static<typeof LandscapeSchema>;
export type Environment = (typeof environments)[number];
export type DataEventKind = (typeof dataEventKinds)[number];
export type AccountFile = LandscapeFile["accounts"]["security"];
