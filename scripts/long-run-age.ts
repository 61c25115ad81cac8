import { repository } from "../test/support/repository";
import { ageOfLongRun, LongRunError } from "./long-run";

/** `npm run test:long:age`: fails where the last recorded long run is too old to vouch for what stands. */
try {
  const age = ageOfLongRun(repository);
  process.stdout.write(`commits of product code since the last long run: ${age}\n`);
} catch (error) {
  if (!(error instanceof LongRunError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
