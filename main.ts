import { readAdoption } from "./adoption/file";
import { formatProblem, landscapePath, loadLandscape } from "./landscape";
import { synthesize } from "./stacks/synthesize";

const file = landscapePath();
const landscape = loadLandscape(file);

if (landscape.ok) {
  for (const { name, because } of synthesize(landscape.value, undefined, readAdoption(file)).omitted) {
    process.stderr.write(`left out: ${name} (${because}); run: npx ir-kit bootstrap\n`);
  }
} else {
  for (const problem of landscape.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  process.exitCode = 2;
}
