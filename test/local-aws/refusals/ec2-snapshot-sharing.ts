import { ListAliasesCommand } from "@aws-sdk/client-kms";
import { snapshotIn } from "../gaps/ec2-snapshots";
import { type Refusal, refused } from "./refusal";

export const ec2SnapshotSharing: Refusal = {
  id: "ec2-snapshot-sharing",
  because: "a snapshot under the default key can't be shared with anybody",
  source: 'Amazon EBS user guide, "Share an Amazon EBS snapshot"',
  inspect: async (call, context) => {
    if (call.service !== "ec2" || call.operation !== "ModifySnapshotAttribute") return undefined;
    const { account } = await context.callers.of(call);
    const id = String(call.parameters.SnapshotId);
    const found = await snapshotIn(context, account, call.region, id);
    if (found?.key === undefined) return undefined;
    const KeyId = found.key.slice(found.key.lastIndexOf("/") + 1);
    const { Aliases = [] } = await context.accounts
      .kms(account, call.region)
      .send(new ListAliasesCommand({ KeyId }))
      .catch(() => ({ Aliases: [] }));
    return Aliases.some(({ AliasName }) => AliasName === "alias/aws/ebs")
      ? refused(400, "InvalidParameter", "Encrypted snapshots with EBS default key cannot be shared")
      : undefined;
  },
};
