import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { deployedTemplate } from "../e2e/organization/fork";
import { TemplateFolder } from "../e2e/organization-template/folder";
import { endTemplate, folderVariable, startTemplate } from "../e2e/organization-template/start";
import { repository } from "../support/repository";
import { type Release, upgradesFolder, writeRelease } from "./fixture";
import { unfitForKeeping } from "./unfit";

/** The release can't be recorded; the message says why and what to do. */
class RecordingRefused extends Error {}

const usage = `npm run release:record    deploys this version's example on the local AWS (about eight minutes) and keeps what
                          it synthesized and the state that it left, in test/upgrades/<version>
`;

/** A folder in which the kit was deployed, as a release. */
function releaseIn(directory: string, version: string): Release {
  const stacks = path.join(directory, "cdktf.out", "stacks");
  const states = path.join(directory, "state");
  return {
    version,
    landscape: readFileSync(path.join(directory, "landscape.yaml"), "utf8"),
    stacks: textsOf(readdirSync(stacks), (name) => path.join(stacks, name, "cdk.tf.json")),
    states: textsOf(
      readdirSync(states).flatMap((file) => /^(.+)\.tfstate$/.exec(file)?.[1] ?? []),
      (name) => path.join(states, `${name}.tfstate`),
    ),
  };
}

const textsOf = (names: readonly string[], fileOf: (name: string) => string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(fileOf(name), "utf8")]));

async function record(): Promise<void> {
  const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  const kept = path.join(upgradesFolder, version);
  if (existsSync(kept))
    throw new RecordingRefused(
      `${path.relative(repository, kept)} is there already: a release that people have deployed is recorded once; ` +
        "raise the version in package.json first",
    );
  const given = process.env[folderVariable];
  const folder = given === undefined ? startTemplate(false) : new TemplateFolder(given);
  try {
    process.stderr.write(`version ${version} is deployed; progress: ${folder.log}\n`);
    const release = releaseIn((await deployedTemplate(folder)).directory, version);
    const found = unfitForKeeping(release);
    if (found.length > 0) throw new RecordingRefused(`not for a repository:\n${found.join("\n")}`);
    for (const file of writeRelease(release)) process.stdout.write(`${path.relative(repository, file)}\n`);
  } finally {
    if (given === undefined) await endTemplate(folder);
  }
}

if (process.argv.length > 2) {
  process.stdout.write(usage);
} else {
  record().then(
    // The fork that was asked for ends with this process.
    () => process.exit(0),
    (error: Error) => {
      process.stderr.write(`${error instanceof RecordingRefused ? error.message : error.stack}\n`);
      process.exit(1);
    },
  );
}
