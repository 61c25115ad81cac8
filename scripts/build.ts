import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  areSettled,
  type Build,
  distFolder,
  inDist,
  type KeptFile,
  keyOf,
  nameOf,
  stampsOf,
} from "../bin/kept-build";
import { functionArchive } from "../constructs/function-archive";
import { functionEntries } from "../constructs/function-bundle";
import { kitFolder } from "../landscape/kit-folder";
import { keptWaivers } from "../review/own-waivers";
import { keptRules } from "../review/rules/own";
import { standaloneRules } from "../review/rules/standalone";
import { waiversAsJson } from "../review/waiver-file";
import { type Program, splitProgram, wholeProgram } from "./build/program-bundle";
import { thirdPartyNotices } from "./build/third-party-notices";

/** What is built: the same that is built at run time where a source has changed since. */
interface Product {
  readonly kept: KeptFile;
  readonly build: () => Promise<Program> | Program;
  /** Below `dist`, where it is not there itself. */
  readonly folder?: string;
}

const root = kitFolder();
const rules = path.join(root, "policies", "rules");
const waivers = path.join(root, "policies", "waivers.yaml");

/** A single file; without a name it is named by its content. */
const single = (
  { content, sources }: Build,
  extension: string,
  name = nameOf(content, extension),
): Program => ({
  files: new Map([[name, Buffer.from(content)]]),
  sources,
});

const products: readonly Product[] = [
  {
    kept: { root, entry: "cli/index.ts", extension: ".program" },
    folder: "cli",
    build: () => splitProgram(root, "cli/index.ts"),
  },
  {
    kept: { root, entry: "main.ts", extension: ".program" },
    folder: "main",
    build: () => wholeProgram(root, "main.ts"),
  },
  {
    kept: keptRules(root, rules),
    build: () => single(standaloneRules(root, rules), ".cjs", "rules.cjs"),
  },
  {
    kept: keptWaivers(root, waivers),
    build: () => single(waiversAsJson(keptWaivers(root, waivers).entry, waivers), ".json", "waivers.json"),
  },
  ...functionEntries.map((entry) => ({
    kept: { root, entry, extension: ".zip" },
    folder: "functions",
    build: () => single(functionArchive(root, entry), ".zip"),
  })),
];

/** `npx ir-kit` in a clone installs the clone, and so has npm prepare it, though nothing may have changed since. */
const isFresh = () => products.every(({ kept }) => inDist(kept) !== undefined);

/** `npm run build`: makes `dist` anew, beside the old one, which is there until the new one is whole. */
async function run(): Promise<void> {
  if (process.argv.includes("--unless-fresh") && isFresh()) return;
  const folder = path.join(root, `.dist-${process.pid}`);
  mkdirSync(path.join(folder, "stamps"), { recursive: true });
  try {
    await writeInto(folder);
    const dist = distFolder(root);
    rmSync(dist, { recursive: true, force: true });
    renameSync(folder, dist);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeInto(folder: string): Promise<void> {
  const builds: Record<string, string> = {};
  const bundled = new Set<string>();
  for (const product of products) {
    const key = keyOf(product.kept);
    const began = Date.now();
    const { files, sources } = await product.build();
    const stamps = stampsOf(root, sources);
    if (!areSettled(stamps, began)) {
      throw new Error(`a source of ${product.kept.entry} has changed while it was built: build again`);
    }
    const names = [...files.keys()].map((name) => path.posix.join(product.folder ?? "", name));
    builds[key] = names.find((name) => path.posix.basename(name).startsWith("index.")) ?? names[0] ?? "";
    for (const [name, content] of files) put(path.join(folder, product.folder ?? "", name), content);
    put(path.join(folder, "stamps", `${key}.json`), JSON.stringify(stamps));
    for (const source of sources) bundled.add(source);
  }
  put(path.join(folder, "builds.json"), `${JSON.stringify(builds, null, 2)}\n`);
  put(path.join(folder, "third-party-notices.txt"), thirdPartyNotices(root, [...bundled]));
}

function put(file: string, content: Uint8Array | string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
