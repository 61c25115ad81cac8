import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { currentSnapshots, snapshotDirectory } from "./snapshots";

/** `npm run snapshots`: writes the snapshots anew. Never run by the tests: a change is read before it is accepted. */
rmSync(snapshotDirectory, { recursive: true, force: true });
for (const [name, text] of currentSnapshots()) {
  const file = path.join(snapshotDirectory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
}
