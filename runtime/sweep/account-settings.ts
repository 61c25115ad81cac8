import {
  type EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  EnableSnapshotBlockPublicAccessCommand,
  GetEbsEncryptionByDefaultCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from "@aws-sdk/client-ec2";
import { GetPublicAccessBlockCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { reason } from "./flow-logs";
import type { Place } from "./place";
import type { Refusal, Repair } from "./record";
import type { PlaceClients } from "./setting";
import type { Wanted } from "./wanted";

/** Where a setting is read and made. */
interface At extends Place {
  readonly ec2: EC2Client;
  readonly s3Control: PlaceClients["s3Control"];
}

/** A setting that CloudFormation can't carry. */
interface AccountSetting {
  readonly name: keyof Wanted["settings"];
  /** Settings of a whole account are asserted in the home region alone. */
  readonly of: "account" | "region";
  readonly read: (at: At) => Promise<string>;
  readonly isGood: (found: string) => boolean;
  readonly good: string;
  readonly make: (at: At) => Promise<void>;
}

/** The four switches of S3's public access block, as S3 names them. */
const publicAccessSwitches = [
  "BlockPublicAcls",
  "BlockPublicPolicy",
  "IgnorePublicAcls",
  "RestrictPublicBuckets",
] as const;

const allSwitches = Object.fromEntries(publicAccessSwitches.map((name) => [name, true]));

/** Each is made stricter and never looser. */
const accountSettings: readonly AccountSetting[] = [
  {
    name: "ebsEncryptionByDefault",
    of: "region",
    read: async ({ ec2 }) =>
      (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault ? "on" : "off",
    isGood: (found) => found === "on",
    good: "on",
    make: async ({ ec2 }) => {
      await ec2.send(new EnableEbsEncryptionByDefaultCommand({}));
    },
  },
  {
    name: "blockPublicSnapshots",
    of: "region",
    read: async ({ ec2 }) =>
      (await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}))).State ?? "unblocked",
    isGood: (found) => found.startsWith("block-"),
    // What is shared already stays shared: to end that may break somebody's work, and is a containment of its own.
    good: "block-new-sharing",
    make: async ({ ec2 }) => {
      await ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: "block-new-sharing" }));
    },
  },
  {
    name: "blockPublicBuckets",
    of: "account",
    read: async (at) => (await switchesOn(at)).join(", ") || "off",
    isGood: (found) => found === publicAccessSwitches.join(", "),
    good: publicAccessSwitches.join(", "),
    make: async ({ s3Control, account }) => {
      await s3Control().send(
        new PutPublicAccessBlockCommand({
          AccountId: account,
          PublicAccessBlockConfiguration: allSwitches,
        }),
      );
    },
  },
];

/** An account that never set any has no configuration at all. */
async function switchesOn({ s3Control, account }: At): Promise<string[]> {
  try {
    const { PublicAccessBlockConfiguration: found = {} } = await s3Control().send(
      new GetPublicAccessBlockCommand({ AccountId: account }),
    );
    return publicAccessSwitches.filter((name) => found[name]);
  } catch (error) {
    if ((error as Error).name === "NoSuchPublicAccessBlockConfiguration") return [];
    throw error;
  }
}

/** Makes settings as they should be, or tells that they are not, as the landscape says for each. */
export async function assertSettings(
  place: Place,
  { ec2, s3Control }: Pick<PlaceClients, "ec2" | "s3Control">,
  { settings: wanted, homeRegion }: Pick<Wanted, "settings" | "homeRegion">,
): Promise<{ readonly repairs: Repair[]; readonly deviations: Repair[]; readonly refused: Refusal[] }> {
  const at = { ...place, ec2, s3Control };
  const repairs: Repair[] = [];
  const deviations: Repair[] = [];
  const refused: Refusal[] = [];
  const here = accountSettings.filter((setting) => setting.of === "region" || place.region === homeRegion);
  for (const { name, read, isGood, good, make } of here) {
    try {
      const found = await read(at);
      if (isGood(found)) continue;
      const repair = { setting: name, found, made: good };
      if (wanted[name] === "heal") {
        await make(at);
        repairs.push(repair);
      } else {
        deviations.push(repair);
      }
    } catch (error) {
      refused.push({ what: name, why: reason(error) });
    }
  }
  return { repairs, deviations, refused };
}
