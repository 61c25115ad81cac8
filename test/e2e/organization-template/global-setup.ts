import { terraformCommand } from "../../../cli/terraform";
import { survey, useTools } from "../../local-aws/tool-cache/survey";
import { emulatorCommand } from "../../local-aws/tools";
import { folderVariable, startTemplate } from "./start";

/** Jest runs this before the tests of a run: the organization is deployed while other tests run. */
export default function setUp(): void {
  delete process.env[folderVariable];
  // Jest runs this before the set-up of all projects.
  useTools(survey());
  if (process.env.IR_KIT_ORGANIZATION_WANTED !== "1" || !toolsAreThere()) return;
  process.env[folderVariable] = startTemplate(process.env.IR_KIT_ORGANIZATION_REVIEWED === "1").directory;
}

/** Where a tool is missing, each test says so. */
function toolsAreThere(): boolean {
  try {
    terraformCommand();
    emulatorCommand();
    return true;
  } catch {
    return false;
  }
}
