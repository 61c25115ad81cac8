import { workflowNeeds } from "../../runtime/steps/needs";
import { attachQuarantine, deactivate, findAccount, looking, never, setBoundary } from "./credentials";
import { keepLedger, writeFunctionLogs } from "./functions";
import type { Task } from "./task";

/**
 * What the workflow that contains a principal runs as. It takes nothing off again: a human releases. Narrower than the
 * responders' task, since a thief of it would meet nobody who asks for MFA.
 */
export const autoCredentials: Task = {
  name: "auto-credentials",
  description: "Contains principals by a workflow; writes no policy and releases nothing.",
  inHub: (place) => [findAccount, ...keepLedger(place), writeFunctionLogs(place)],
  inMember: (place) => [
    {
      id: "See",
      because:
        "whose a key is, every credential it holds, what is attached to it, and whether it is contained",
      actions: looking(workflowNeeds),
      resources: ["*"],
    },
    deactivate(place),
    attachQuarantine(place, ["Attach"], ["deny-all"]),
    setBoundary(place),
    never(place, []),
  ],
};
