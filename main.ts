import { readAdoption } from "./adoption/file";
import { formatProblem, landscapePath, loadLandscape } from "./landscape";
import { synthesize } from "./stacks/synthesize";

const file = landscapePath();
const landscape = loadLandscape(file);

if (landscape.ok) {
  // Names of stacks that are paid by the hour and stand only while they are wanted, separated by commas.
  const demanded = (process.env.IR_KIT_ON_DEMAND ?? "").split(",").filter((name) => name !== "");
  const { omitted } = synthesize(landscape.value, undefined, readAdoption(file), demanded);
  for (const { name, because } of omitted) {
    process.stderr.write(`left out: ${name} (${because}); run: npx ir-kit bootstrap\n`);
  }
} else {
  for (const problem of landscape.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  process.exitCode = 2;
}
