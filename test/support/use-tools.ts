import { survey, useTools } from "../local-aws/tool-cache/survey";

/** Before the first test: what the kit has brought is on the PATH of all. Brings nothing, so that one test starts at once. */
export default function findTools(): void {
  useTools(survey());
}
