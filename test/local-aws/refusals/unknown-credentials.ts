import { type Refusal, refused } from "./refusal";

/** As whom the emulator sees a key that nobody gave out. */
const anybody = ":user/moto";

export const unknownCredentials: Refusal = {
  id: "unknown-credentials",
  because: "a key that nobody gave out opens nothing",
  source: 'IAM API reference, "Common errors": InvalidClientTokenId',
  inspect: async (call, { callers }) => {
    const { callerArn } = await callers.of(call);
    return callerArn.endsWith(anybody) || callerArn === ""
      ? refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
      : undefined;
  },
};
