import { readAdoption } from "./adoption/file";
import { formatProblem, landscapePath, loadLandscape, type Problem } from "./landscape";
import { deployedFile, readDeployed } from "./landscape/deployed/file";
import { placed } from "./landscape/deployed/place";
import { tooLong } from "./stacks/fit";
import { LeavesBehind, synthesize, Unrecorded } from "./stacks/synthesize";

const file = landscapePath();
const landscape = loadLandscape(file, tooLong);
const deployed = readDeployed(file);

const say = (line: string) => process.stderr.write(`${line}\n`);

function refuse(problems: readonly Problem[]): void {
  for (const problem of problems) say(formatProblem(problem));
  process.exitCode = 2;
}

if (!landscape.ok) refuse(landscape.problems);
else if (!deployed.ok) refuse(deployed.problems);
else {
  // Names of stacks that are paid by the hour and stand only while they are wanted, separated by commas.
  const demanded = (process.env.IR_KIT_ON_DEMAND ?? "").split(",").filter((name) => name !== "");
  try {
    const { omitted } = synthesize(landscape.value, {
      deployed: deployed.value,
      adopted: readAdoption(file),
      demanded,
    });
    for (const { name, because } of omitted) say(`left out: ${name} (${because}); run: npx ir-kit bootstrap`);
    if (!deployed.value) {
      say(
        `no ${deployedFile(file)}: what this landscape drops later would be destroyed or left behind; run: npx ir-kit lock`,
      );
    }
  } catch (error) {
    if (error instanceof LeavesBehind) refuse(placed(file, error.findings));
    else if (error instanceof Unrecorded) {
      const message = `doesn't know yet: ${error.missing.join(", ")}; run npx ir-kit lock and commit the file with the landscape`;
      refuse([{ file: deployedFile(file), field: "", message }]);
    } else throw error;
  }
}
