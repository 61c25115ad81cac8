import { queryAnswer, text } from "../protocol";
import { type Gap, isCall } from "./gap";

export const stsAccessKeyInfo: Gap = {
  id: "sts-access-key-info",
  kind: "answered",
  resources: ["sts:GetAccessKeyInfo"],
  because: "the emulator does not tell in which account a key is",
  concerns: isCall("sts", "GetAccessKeyInfo"),
  answer: async (call, { callers }) => {
    const accessKeyId = text(call.parameters.AccessKeyId) ?? "";
    const { account } = await callers.of({ ...call, accessKeyId });
    return queryAnswer(call, `<Account>${account}</Account>`);
  },
};
