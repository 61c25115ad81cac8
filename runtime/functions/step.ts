import { handlerOf } from "../shared/handler";
import { steps } from "../steps";
import { functionEnvironment } from "./environment";
import { functionSetting } from "./setting";

const environment = functionEnvironment();
const step = steps.find(({ id }) => id === environment.step);
if (!step) throw new Error(`there is no step ${environment.step}`);

/** Lambda's entry to every step; the environment says which. Nothing of the event goes into the log. */
export const handler = handlerOf(step, functionSetting(environment, step.needs));
