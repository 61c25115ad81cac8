import { errorAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const eventsMissingRule: Gap = {
  id: "events-missing-rule",
  kind: "completed",
  resources: ["aws_cloudwatch_event_target"],
  because:
    "the emulator fails where targets are asked of a rule that is not there, as after the hub has moved",
  concerns: isCall("events", "ListTargetsByRule"),
  answer: async (call, { forward }) => {
    const answer = await forward(call);
    return answer.status < 500
      ? answer
      : errorAnswer(
          call,
          400,
          "ResourceNotFoundException",
          `Rule ${String(call.parameters.Rule)} does not exist.`,
        );
  },
};
