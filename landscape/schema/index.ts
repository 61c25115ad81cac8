import { type Static, Type } from "@sinclair/typebox";
import { partitionNames } from "../partitions";
import { Access } from "./access";
import {
  AccountName,
  CoreAccount,
  EnvironmentName,
  type environments,
  Member,
  OrganizationalUnit,
  Owner,
} from "./accounts";
import { Backend } from "./backend";
import { Detection, type guardDutyPlans, type inspectorScans, type standardNames } from "./detection";
import { Forensics, NetworkRange } from "./forensics";
import { type dataEventKinds, type insightKinds, Logging, type networkEventSources } from "./logging";
import { WatchedRegion } from "./regions";
import { Sweep } from "./sweep";
import { AccountId, closed, Email, literals, PhoneNumber, printable, RegionName, tagKey } from "./texts";

/**
 * The shape of `landscape.yaml`, authored once: the TypeScript type below and the editor's JSON Schema
 * (`config/landscape.schema.json`) both come from it. Every `errorMessage` completes the sentence
 * "<field>: <value found> …".
 */
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
        cutPolicyId: Type.Optional(
          Type.String({
            pattern: "^p-[0-9a-z_]{8,128}$",
            description:
              "Id of the service control policy that holds cuts; bootstrap makes it and writes the id",
            errorMessage: "is not a policy's id (p- and 8 or more lower-case letters, digits or _)",
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
    regions: Type.Array(WatchedRegion, {
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
            environment: Type.Optional(EnvironmentName),
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
          phone: PhoneNumber,
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
    detection: Type.Optional(Detection),
    sweep: Type.Optional(Sweep),
    networks: Type.Optional(
      Type.Array(NetworkRange, {
        description:
          "IPv4 ranges that are in use in the organization; the kit's own networks keep clear of them",
        errorMessage: "is not a list of IPv4 ranges",
      }),
    ),
    forensics: Type.Optional(Forensics),
    access: Type.Optional(Access),
  },
  { ...closed, $id: "https://aws-ir-kit.example/landscape.schema.json", title: "aws-ir-kit landscape" },
);

/** `landscape.yaml` as written: what may be left out is optional. */
export type LandscapeFile = Static<typeof LandscapeSchema>;
export type Environment = (typeof environments)[number];
export type DataEventKind = (typeof dataEventKinds)[number];
export type NetworkEventSource = (typeof networkEventSources)[number];
export type GuardDutyPlan = (typeof guardDutyPlans)[number];
export type InspectorScan = (typeof inspectorScans)[number];
export type StandardName = (typeof standardNames)[number];
export type InsightKind = (typeof insightKinds)[number];
export type AccountFile = LandscapeFile["accounts"]["security"];
