import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { DownloadFailed } from "./download";
import { PinDiffers, pinReleases, pinRequirements } from "./pin";
import { type Pins, pinFile, requirementsFile } from "./pins";

/** `npm run pin`: nothing is written unless all could be filled in. */
async function main(): Promise<void> {
  const pins = await pinReleases(JSON.parse(readFileSync(pinFile, "utf8")) as Pins);
  const requirements = await pinRequirements(readFileSync(requirementsFile, "utf8"));
  await writeFileAtomic(pinFile, `${JSON.stringify(pins, null, 2)}\n`);
  await writeFileAtomic(requirementsFile, requirements);
  process.stdout.write("Every archive and every package is pinned; read the difference, then commit it.\n");
}

main().catch((error: unknown) => {
  if (!(error instanceof DownloadFailed || error instanceof PinDiffers)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof DownloadFailed ? 2 : 1;
});
