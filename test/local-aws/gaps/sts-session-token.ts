import { randomBytes } from "node:crypto";
import { type Gap, isCall } from "./gap";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const newId = () => `ASIA${[...randomBytes(16)].map((byte) => letters[byte % 32]).join("")}`;

export const stsSessionToken: Gap = {
  id: "sts-session-token",
  kind: "completed",
  resources: ["sts:GetSessionToken"],
  because: "the emulator gives the same key to every caller, and it looks like a long-term one",
  concerns: isCall("sts", "GetSessionToken"),
  answer: async (call, { forward }) => {
    const answer = await forward(call);
    const body = answer.body.toString().replace(/(<AccessKeyId>)[^<]*/, `$1${newId()}`);
    return { ...answer, body };
  },
};
