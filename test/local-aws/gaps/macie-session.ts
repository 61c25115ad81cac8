import { errorAnswer, jsonAnswer } from "../protocol";
import type { Gap } from "./gap";
import { storeOf } from "./routes";

/** Macie is off until it is enabled. Source: the errors of "GetMacieSession" (Amazon Macie API reference). */
export const macieSession: Gap = {
  id: "macie-session",
  kind: "completed",
  resources: ["aws_macie2_account"],
  because: "the emulator has Macie on in every account, and tells its times without a zone",
  concerns: ({ service, path }) => service === "macie2" && path === "/macie",
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const enabled = storeOf(context, "macie-enabled", account, call.region);
    if (call.method === "POST") enabled.set(account, {});
    if (call.method === "DELETE") enabled.delete(account);
    if (call.method !== "GET") return undefined;
    if (!enabled.has(account))
      return errorAnswer(call, 403, "AccessDeniedException", "Macie is not enabled.");
    const answer = await context.forward(call);
    const session = JSON.parse(answer.body.toString()) as Record<string, string>;
    const zoned = (time = "") => (/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time.slice(0, 19)}Z`);
    return jsonAnswer({
      ...session,
      createdAt: zoned(session.createdAt),
      updatedAt: zoned(session.updatedAt),
    });
  },
};
