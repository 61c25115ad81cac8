import { xmlAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

export const ec2SnapshotBlockPublicAccess: Gap = {
  id: "ec2-snapshot-block-public-access",
  kind: "answered",
  resources: ["aws_ebs_snapshot_block_public_access"],
  because: "the emulator has no block of public snapshots",
  concerns: isCall(
    "ec2",
    "EnableSnapshotBlockPublicAccess",
    "DisableSnapshotBlockPublicAccess",
    "GetSnapshotBlockPublicAccessState",
  ),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "ec2-snapshot-block-public-access", account, call.region);
    if (call.operation === "EnableSnapshotBlockPublicAccess")
      store.set("state", { state: String(call.parameters.State) });
    if (call.operation === "DisableSnapshotBlockPublicAccess") store.delete("state");
    const state = store.get("state")?.state ?? "unblocked";
    return xmlAnswer(
      `<${call.operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>local-aws</requestId>` +
        `<state>${String(state)}</state></${call.operation}Response>`,
    );
  },
};
