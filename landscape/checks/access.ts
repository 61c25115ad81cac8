import { type CoreRole, defaultAccountNames } from "../model";
import { didYouMean, type FieldPath, type Finding, oneOf, show } from "../problems";
import { type Check, doors, duplicates, listedAccounts, type SoundPart } from "./check";

function oneDoorOfAKind(file: SoundPart): Finding[] {
  return duplicates(
    doors(file).map(({ path, door }) => [[...path, "type"], door.type]),
    (type, first) =>
      `${show(type)} is the type of access.doors[${String(first[2])}] already; list all its users there`,
  );
}

/** A user's name becomes a source identity: the same name twice would make two people one in the trail. */
function userNamesDistinct(file: SoundPart): Finding[] {
  const users = doors(file).flatMap(({ path, door }) =>
    "users" in door
      ? (door.users ?? []).map((user, index): [FieldPath, string | undefined] => [
          [...path, "users", index, "name"],
          user?.name,
        ])
      : [],
  );
  return duplicates(
    users,
    (name, first) =>
      `${show(name)} is the name of access.doors[${String(first[2])}].users[${String(first[4])}] already; the trail could not tell them apart`,
    (name) => name.toLowerCase(),
  );
}

/** Users that must work when the security account is lost stand in another account. */
function emergencyOutsideSecurity(file: SoundPart): Finding[] {
  return doors(file).flatMap(({ path, door }) => {
    if (door.type !== "emergency-users" || door.account === undefined) return [];
    if (door.account === "management" || file.accounts?.[door.account] !== undefined) return [];
    return [
      {
        path: [...path, "account"],
        message: `${show(door.account)} is left out under accounts and so falls to the security account, which these users must outlive; choose management`,
      },
    ];
  });
}

/** Source: "Configure a SAML identity provider" (IAM user guide): the document has at least 1,000 characters. */
const shortestMetadata = 1000;

function metadataReadable(file: SoundPart, _: unknown, readText: Parameters<Check>[2]): Finding[] {
  return doors(file).flatMap(({ path, door }) => {
    if (door.type !== "saml" || door.metadata === undefined) return [];
    const place = [...path, "metadata"];
    const metadata = readText(door.metadata);
    if (!metadata.ok) return [{ path: place, message: `${show(door.metadata)} ${metadata.problem}` }];
    if (!/<([\w-]+:)?EntityDescriptor[\s>]/.test(metadata.text)) {
      return [
        {
          path: place,
          message: `${show(door.metadata)} is not SAML metadata: it has no EntityDescriptor; export it from the identity provider`,
        },
      ];
    }
    return metadata.text.length < shortestMetadata
      ? [
          {
            path: place,
            message: `${show(door.metadata)} has ${metadata.text.length} characters; AWS takes metadata of at least ${shortestMetadata}`,
          },
        ]
      : [];
  });
}

function channelsDistinct({ access }: SoundPart): Finding[] {
  const channels = (access?.notify ?? []).map((channel, index): [FieldPath, string | undefined] => [
    ["access", "notify", index],
    channel ? JSON.stringify(channel).toLowerCase() : undefined,
  ]);
  return duplicates(
    channels,
    (_, first) =>
      `is the same as access.notify[${String(first[2])}]: both fail together, and an alarm needs two ways`,
  );
}

function perimeterUnitsKnown({ access, organizationalUnits }: SoundPart): Finding[] {
  const known = (organizationalUnits ?? []).flatMap((unit) => (unit?.path === undefined ? [] : [unit.path]));
  return (access?.guardrails?.perimeter?.units ?? []).flatMap((unit, index) =>
    unit === undefined || known.includes(unit)
      ? []
      : [
          {
            path: ["access", "guardrails", "perimeter", "units", index],
            message: `${show(unit)} is not among organizationalUnits${didYouMean(unit, known) || `; known: ${oneOf(known)}`}`,
          },
        ],
  );
}

function identityCenterOfPartition(file: SoundPart, isWrong: Parameters<Check>[1]): Finding[] {
  if (isWrong("organization", "partition")) return [];
  const partition = file.organization?.partition ?? "aws";
  return doors(file).flatMap(({ path, door }) => {
    if (door.type !== "identity-center" || door.instanceArn === undefined) return [];
    if (door.instanceArn.split(":")[1] === partition) return [];
    return [
      {
        path: [...path, "instanceArn"],
        message: `${show(door.instanceArn)} is of another partition than organization.partition, ${partition}`,
      },
    ];
  });
}

const accountNames = (file: SoundPart) =>
  listedAccounts(file).map(({ path, account }) => {
    const role = path[0] === "accounts" ? (String(path[1]) as CoreRole) : undefined;
    return { role, name: account.name ?? (role === undefined ? "" : defaultAccountNames[role]) };
  });

/** Re-homing moves the hub; neither the management account nor that of the emergency users can be it. */
function hubIsAnotherAccount(file: SoundPart): Finding[] {
  const hub = file.access?.hub;
  if (hub === undefined) return [];
  const accounts = accountNames(file);
  const wrong = (message: string) => [{ path: ["access", "hub"], message: `${show(hub)} ${message}` }];
  const found = accounts.find(({ name }) => name === hub);
  if (!found) {
    const names = accounts.map(({ name }) => name);
    return wrong(`is not the name of an account${didYouMean(hub, names) || `; known: ${oneOf(names)}`}`);
  }
  if (found.role === "management")
    return wrong("can't be the hub: no guardrail covers the management account");
  const emergency = doors(file).find(({ door }) => door.type === "emergency-users")?.door;
  return emergency?.type === "emergency-users" && emergency.account === found.role
    ? wrong("is the account of the emergency users, which must outlive the hub; choose another")
    : [];
}

function sealedIsAnAccount(file: SoundPart): Finding[] {
  const sealed = file.access?.sealed;
  if (sealed === undefined) return [];
  const names = accountNames(file).map(({ name }) => name);
  if (names.includes(sealed)) return [];
  return [
    {
      path: ["access", "sealed"],
      message: `${show(sealed)} is not the name of an account${didYouMean(sealed, names) || `; known: ${oneOf(names)}`}`,
    },
  ];
}

export const accessChecks: readonly Check[] = [
  oneDoorOfAKind,
  userNamesDistinct,
  emergencyOutsideSecurity,
  metadataReadable,
  channelsDistinct,
  perimeterUnitsKnown,
  identityCenterOfPartition,
  hubIsAnotherAccount,
  sealedIsAnAccount,
];
