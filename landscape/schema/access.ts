import { type Static, Type } from "@sinclair/typebox";
import { taskNames } from "../tasks";
import { AccountName } from "./accounts";
import {
  AccountId,
  closed,
  Email,
  literals,
  OrganizationalUnitPath,
  PhoneNumber,
  RegionName,
  State,
} from "./texts";

const TaskName = literals(taskNames, "What a responder comes to do");

const Tasks = Type.Array(TaskName, {
  minItems: 1,
  uniqueItems: true,
  description: "Tasks that may be taken up through this door; all where left out",
  errorMessage: "is not a list of at least one task, each once",
});

/** AWS allows these characters in a source identity and in an IAM user's name, and 2 to 64 of them in the former. */
const UserName = Type.String({
  pattern: "^[A-Za-z0-9+=,.@_-]{2,64}$",
  description:
    "Name of an IAM user, which becomes the source identity: 2 to 64 letters, digits and + = , . @ _ -",
  errorMessage: "is not a user's name of 2 to 64 letters, digits and + = , . @ _ -",
});

const GroupId = Type.String({
  pattern: "^([0-9a-f]{10}-)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
  description: "Id of a group in the identity store",
  errorMessage:
    "is not the id of a group in an identity store, such as 9067642ac7-1a2b3c4d-0000-1111-2222-333344445555",
});

const IdentityCenterDoor = Type.Object(
  {
    type: Type.Literal("identity-center"),
    instanceArn: Type.String({
      pattern: "^arn:aws(-us-gov|-cn)?:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}$",
      description: "ARN of the IAM Identity Center instance",
      errorMessage:
        "is not the ARN of an Identity Center instance, such as arn:aws:sso:::instance/ssoins-1234567890abcdef",
    }),
    region: Type.Optional(RegionName),
    groups: Type.Object(
      {
        investigate: Type.Optional(GroupId),
        contain: Type.Optional(GroupId),
        evidence: Type.Optional(GroupId),
        credentials: Type.Optional(GroupId),
        recover: Type.Optional(GroupId),
      },
      {
        ...closed,
        minProperties: 1,
        description: "For each task the group whose members may take it up",
        errorMessage: "names no group: give one for at least one task",
      },
    ),
  },
  closed,
);

const SamlDoor = Type.Object(
  {
    type: Type.Literal("saml"),
    metadata: Type.String({
      pattern: "^[^\\u0000]{1,255}$",
      description: "File with the identity provider's metadata (XML), relative to the landscape",
      errorMessage: "is not a file's name",
    }),
    tasks: Type.Optional(Tasks),
  },
  closed,
);

const IamUsersDoor = Type.Object(
  {
    type: Type.Literal("iam-users"),
    users: Type.Array(
      Type.Object({ name: UserName, tasks: Type.Optional(Tasks), state: Type.Optional(State) }, closed),
      {
        minItems: 1,
        description: "IAM users in the security account, with MFA",
        errorMessage: "is not a list of at least one user",
      },
    ),
  },
  closed,
);

const EmergencyUsersDoor = Type.Object(
  {
    type: Type.Literal("emergency-users"),
    account: literals(
      ["management", "logArchive", "forensics"] as const,
      "Account of the users: another than security, so that the door opens when that one is lost",
    ),
    users: Type.Array(
      Type.Object(
        {
          name: UserName,
          contact: Type.Object(
            { email: Email, phone: Type.Optional(PhoneNumber) },
            { ...closed, description: "Who is told and asked when this user signs in" },
          ),
          tasks: Type.Optional(Tasks),
          state: Type.Optional(State),
        },
        closed,
      ),
      { minItems: 1, errorMessage: "is not a list of at least one user" },
    ),
  },
  closed,
);

export const doorTypes = ["identity-center", "saml", "iam-users", "emergency-users"] as const;

type DoorFile = Static<
  typeof IdentityCenterDoor | typeof SamlDoor | typeof IamUsersDoor | typeof EmergencyUsersDoor
>;

const Door = Type.Unsafe<DoorFile>({
  type: "object",
  description: "A way in for responders",
  properties: { type: { type: "string" } },
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: [IdentityCenterDoor, SamlDoor, IamUsersDoor, EmergencyUsersDoor],
});

const EmailChannel = Type.Object({ type: Type.Literal("email"), address: Email }, closed);
const SmsChannel = Type.Object(
  {
    type: Type.Literal("sms"),
    number: Type.String({
      pattern: "^\\+[1-9][0-9]{6,14}$",
      description: "Telephone number in E.164 form",
      errorMessage: "is not a telephone number in E.164 form, such as +4915112345678",
    }),
  },
  closed,
);
const HttpsChannel = Type.Object(
  {
    type: Type.Literal("https"),
    url: Type.String({
      pattern: "^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$",
      maxLength: 500,
      description: "Endpoint that takes SNS messages; without a secret in it, since the state keeps it",
      errorMessage: "is not an https address without user, query or fragment",
    }),
  },
  closed,
);

type ChannelFile = Static<typeof EmailChannel | typeof SmsChannel | typeof HttpsChannel>;

const Channel = Type.Unsafe<ChannelFile>({
  type: "object",
  description: "Where alarms go",
  properties: { type: { type: "string" } },
  required: ["type"],
  discriminator: { propertyName: "type" },
  oneOf: [EmailChannel, SmsChannel, HttpsChannel],
});

const Exception = Type.Object(
  {
    account: AccountId,
    reason: Type.String({
      pattern: "^\\S.{9,199}$",
      description: "Why outsiders may reach this account's buckets and secrets",
      errorMessage: "is not a reason of 10 to 200 characters",
    }),
  },
  closed,
);

const Guardrails = Type.Object(
  {
    unwatchedRegions: Type.Optional(
      literals(
        ["allow", "deny"] as const,
        "What happens in regions that are not watched; allow where left out",
      ),
    ),
    perimeter: Type.Optional(
      Type.Object(
        {
          units: Type.Array(OrganizationalUnitPath, {
            uniqueItems: true,
            description: "Units whose buckets and secrets only the organization reaches; staged one by one",
            errorMessage: "is not a list of organizational units, each once",
          }),
          exceptions: Type.Optional(Type.Array(Exception, { errorMessage: "is not a list of exceptions" })),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const Access = Type.Object(
  {
    hub: Type.Optional(AccountName),
    sealed: Type.Optional(AccountName),
    doors: Type.Array(Door, { minItems: 1, errorMessage: "is not a list of at least one door" }),
    notify: Type.Array(Channel, {
      minItems: 2,
      description: "At least two channels, so that an alarm arrives when one of them fails",
      errorMessage: "is not a list of at least two channels: an alarm must arrive when one fails",
    }),
    guardrails: Type.Optional(Guardrails),
  },
  { ...closed, description: "How responders get in, who is told, and what nobody may do" },
);

export type AccessFile = Static<typeof Access>;
