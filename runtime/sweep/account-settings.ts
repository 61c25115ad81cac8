import {
  type EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  EnableSnapshotBlockPublicAccessCommand,
  GetEbsEncryptionByDefaultCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from "@aws-sdk/client-ec2";
import type { Repair } from "./record";
import type { Wanted } from "./wanted";

/** A setting of an account and region that CloudFormation can't carry. */
interface AccountSetting {
  readonly name: keyof Wanted["settings"];
  readonly read: (ec2: EC2Client) => Promise<string>;
  readonly isGood: (found: string) => boolean;
  readonly good: string;
  readonly make: (ec2: EC2Client) => Promise<void>;
}

/** Each is made stricter and never looser. */
const accountSettings: readonly AccountSetting[] = [
  {
    name: "ebsEncryptionByDefault",
    read: async (ec2) =>
      (await ec2.send(new GetEbsEncryptionByDefaultCommand({}))).EbsEncryptionByDefault ? "on" : "off",
    isGood: (found) => found === "on",
    good: "on",
    make: async (ec2) => {
      await ec2.send(new EnableEbsEncryptionByDefaultCommand({}));
    },
  },
  {
    name: "blockPublicSnapshots",
    read: async (ec2) =>
      (await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}))).State ?? "unblocked",
    isGood: (found) => found.startsWith("block-"),
    // What is shared already stays shared: to end that may break somebody's work, and is a containment of its own.
    good: "block-new-sharing",
    make: async (ec2) => {
      await ec2.send(new EnableSnapshotBlockPublicAccessCommand({ State: "block-new-sharing" }));
    },
  },
];

/** Makes settings as they should be, or tells that they are not, as the landscape says for each. */
export async function assertSettings(
  ec2: EC2Client,
  wanted: Wanted["settings"],
): Promise<{ readonly repairs: Repair[]; readonly deviations: Repair[] }> {
  const repairs: Repair[] = [];
  const deviations: Repair[] = [];
  for (const { name, read, isGood, good, make } of accountSettings) {
    const found = await read(ec2);
    if (isGood(found)) continue;
    const repair = { setting: name, found, made: good };
    if (wanted[name] === "report") {
      deviations.push(repair);
      continue;
    }
    await make(ec2);
    repairs.push(repair);
  }
  return { repairs, deviations };
}
