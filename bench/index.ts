import { cold } from "./cold";
import { decisions, proofs } from "./decisions";
import type { Part } from "./part";
import { providerPool } from "./provider-pool";
import { response } from "./response";
import { review } from "./review";
import { runParts } from "./run";
import { start } from "./start";
import { sweep } from "./sweep";
import { synthesis } from "./synthesis";

/**
 * `npm run bench`: every figure is a ratio to a baseline measured in the same run, a round of one after a round of the
 * other, so that whatever else the machine does falls on both.
 */
const parts: readonly Part[] = [
  { name: "synthesis", about: "stacks in memory, against plain CDKTF", measure: synthesis },
  { name: "cold", about: "syntheses in a fresh process", measure: cold },
  { name: "start", about: "commands of the built command line, against Node alone", measure: start },
  { name: "pool", about: "Terraform with providers that run on", measure: providerPool },
  { name: "decisions", about: "what the layers of an organization cost a decision", measure: decisions },
  { name: "review", about: "reviews in a fresh process", measure: review },
  { name: "response", about: "a leaked key, from the command to contained", measure: response },
  { name: "sweep", about: "a sweep of a hundred accounts", measure: sweep },
  { name: "proofs", about: "every proof of access", measure: proofs },
];

runParts(parts, process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
