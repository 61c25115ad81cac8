import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const stepFunctionsValidation: Gap = {
  id: "step-functions-validation",
  kind: "answered",
  resources: ["aws_sfn_state_machine"],
  because:
    "the emulator can neither validate a definition, which the provider asks for at plan, nor list versions",
  concerns: isCall("states", "ValidateStateMachineDefinition", "ListStateMachineVersions"),
  answer: async ({ operation }) =>
    operation === "ListStateMachineVersions"
      ? jsonAnswer({ stateMachineVersions: [] })
      : jsonAnswer({ result: "OK", diagnostics: [], truncated: false }),
};
