import { accessChecks } from "./checks/access";
import { accountChecks } from "./checks/accounts";
import type { Check, IsWrong, SoundPart } from "./checks/check";
import { detectionChecks } from "./checks/detection";
import { forensicsChecks } from "./checks/forensics";
import { landingZoneChecks } from "./checks/landing-zone";
import { loggingChecks } from "./checks/logging";
import { nameChecks } from "./checks/names";
import { regionChecks } from "./checks/regions";
import { retiredChecks } from "./checks/retired";
import { textChecks } from "./checks/texts";
import { unitChecks } from "./checks/units";
import type { Finding } from "./problems";
import { type ReadText, readBeside } from "./read-text";

export type { SoundPart } from "./checks/check";

const checks: readonly Check[] = [
  ...regionChecks,
  ...accountChecks,
  ...unitChecks,
  ...retiredChecks,
  ...landingZoneChecks,
  ...loggingChecks,
  ...detectionChecks,
  ...forensicsChecks,
  ...accessChecks,
  ...textChecks,
  ...nameChecks,
];

/**
 * What a schema can't say. Each check is independent of the others.
 *
 * @param wrong what the schema found; consequences of these are not reported again
 * @param readText reads the files that the landscape names
 */
export function crossCheck(
  file: SoundPart,
  wrong: readonly Finding[] = [],
  readText: ReadText = readBeside("."),
): Finding[] {
  const isWrong: IsWrong = (...path) =>
    wrong.some((finding) => path.every((part, index) => finding.path[index] === part));
  const seen = new Set<string>();
  return checks
    .flatMap((check) => check(file, isWrong, readText))
    .filter(({ path }) => {
      const key = JSON.stringify(path);
      const first = !seen.has(key) && !isWrong(...path);
      seen.add(key);
      return first;
    });
}
