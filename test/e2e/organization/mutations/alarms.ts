import { find, type Mutation, together } from "./mutation";

const rule = ["aws_cloudwatch_event_rule", "Guardrail"] as const;

export const alarmMutations: readonly Mutation[] = [
  together("alarms-eu-west-1", [
    {
      name: "asks by an operator that EventBridge does not have",
      refusal: "event-patterns",
      error: "Event pattern is not valid",
      at: rule,
      change: (stack) => {
        find(stack, ...rule).event_pattern = JSON.stringify({ source: [{ like: "aws.*" }] });
      },
    },
  ]),
];
