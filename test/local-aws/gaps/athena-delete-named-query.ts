import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

export const athenaDeleteNamedQuery: Gap = {
  id: "athena-delete-named-query",
  kind: "answered",
  resources: ["aws_athena_named_query"],
  because: "the emulator can't delete a saved query, and fails where it knows none",
  concerns: isCall("athena", "DeleteNamedQuery", "GetNamedQuery"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const deleted = storeOf(context, "athena-deleted-queries", account, call.region);
    const id = String(call.parameters.NamedQueryId);
    if (call.operation === "DeleteNamedQuery") {
      deleted.set(id, {});
      return jsonAnswer({});
    }
    const answer = deleted.has(id) ? undefined : await context.forward(call);
    return answer === undefined || answer.status >= 500
      ? errorAnswer(call, 400, "InvalidRequestException", `NamedQuery ${id} does not exist`)
      : answer;
  },
};
