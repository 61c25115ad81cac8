import { writeFileSync } from "node:fs";
import path from "node:path";
import { generatedFiles } from "../test/support/generated-files";
import { repository } from "../test/support/repository";

/** `npm run generate`: writes every file that comes from the code. */
for (const [name, text] of generatedFiles()) {
  writeFileSync(path.join(repository, name), text);
  process.stdout.write(`${name}\n`);
}
