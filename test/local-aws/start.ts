import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { bootstrap } from "../../cli/bootstrap";
import { besideLandscape } from "../../cli/deployed";
import { createReporter, type Reporter } from "../../cli/reporter";
import { MissingTool, TerraformStackDirectory } from "../../cli/terraform";
import { formatProblem, type Landscape, loadLandscape } from "../../landscape";
import { deployRoleArn } from "../../landscape/arns";
import { planStacks } from "../../stacks";
import { synthesize } from "../../stacks/synthesize";
import { atOnce } from "../support/at-once";
import { repository } from "../support/repository";
import { deploy, resourceCounts } from "./cdktf";
import { assumeRole } from "./clients";
import { deployProgress } from "./deploy-progress";
import { localEnvironment, localProcessEnvironment } from "./environment";
import { withoutIds } from "./local-landscape";
import { equipResponder, firstEmergencyUser } from "./responder";
import { localDirectory, SessionFolder, type Status } from "./session";
import { bringTools, explainFailure, onlyHere, shellLine, toolsLine } from "./start-conditions";
import { summarize } from "./summary";

/** `npm start`: the example organization on a local AWS, and what a person can do with it. */
async function main(): Promise<void> {
  const start = Date.now();
  const reporter = createReporter();
  const folder = new SessionFolder(localDirectory);
  await bringTools(reporter, process.argv.slice(2));
  await onlyHere(folder);

  const status = (await folder.running()) ?? (await startDaemon(folder, reporter));
  if (status.withoutPool !== undefined)
    reporter.say(`Each Terraform starts a provider of its own, which takes longer: ${status.withoutPool}`);
  const environment = prepare(folder, status);
  const landscape = await bootstrapExample(folder, environment, reporter);
  const known = besideLandscape(folder.landscape);
  const changed = await deployAll(landscape, { known, environment, lanes: status.lanes, reporter });

  await prepareResponder(folder, landscape);

  const counts = (await folder.running())?.counts;
  process.stdout.write(
    summarize({ landscape, changed, counts, status, folder, seconds: (Date.now() - start) / 1000 }),
  );
}

async function startDaemon(folder: SessionFolder, reporter: Reporter): Promise<Status> {
  const aside = folder.setAside();
  if (aside !== undefined)
    reporter.say(`The local AWS of an earlier run is gone; what it left is set aside in ${aside}`);
  const { managementAccount, region } = placeOf(examplePath);
  return reporter.step("local AWS: emulator and strict front", async () => {
    mkdirSync(folder.directory, { recursive: true });
    const log = openSync(folder.log, "a");
    const child = spawn(
      process.execPath,
      [
        path.join(repository, "bin", "run.js"),
        "test/local-aws/daemon.ts",
        folder.directory,
        managementAccount,
        region,
      ],
      { cwd: repository, detached: true, stdio: ["ignore", log, log] },
    );
    child.unref();
    for (let waited = 0; waited < 40_000; waited += 100) {
      const status = await folder.running();
      if (status) return status;
      if (child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error(`the local AWS did not come up:\n${readFileSync(folder.log, "utf8").slice(-1000)}`);
  });
}

const examplePath = path.join(repository, "config", "landscape.yaml");

function placeOf(file: string): { readonly managementAccount: string; readonly region: string } {
  const { accounts, homeRegion } = load(file);
  if (accounts.management.id === undefined) throw new Error("the example has no management account");
  return { managementAccount: accounts.management.id, region: homeRegion };
}

function load(file: string): Landscape {
  const result = loadLandscape(file);
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

/** Writes the landscape copy and the environment that the printed commands use, and takes that environment on. */
function prepare(folder: SessionFolder, { port, providers }: Status): NodeJS.ProcessEnv {
  if (!existsSync(folder.landscape)) {
    writeFileSync(folder.landscape, withoutIds(readFileSync(examplePath, "utf8"), folder.stateDirectory));
  }
  const region = load(folder.landscape).homeRegion;
  const local = {
    ...localEnvironment(port, region, path.resolve(folder.directory)),
    ...providers,
    IR_KIT_CONFIG: folder.landscape,
  };
  // What a login shell has set would lead to another account, or to providers of an earlier run.
  const others = "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN TF_REATTACH_PROVIDERS";
  const lines = [others, ...Object.entries(local).map(shellLine), ...toolsLine()];
  writeFileSync(folder.environmentFile, `${lines.join("\n")}\n`);
  const environment = localProcessEnvironment(local);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  return environment;
}

/** Writes the keys of an emergency user, with which a person tries the door. */
async function prepareResponder(folder: SessionFolder, landscape: Landscape): Promise<void> {
  const user = firstEmergencyUser(landscape);
  if (existsSync(folder.responderFile) || !user) return;
  const RoleArn = deployRoleArn(landscape, user.account);
  const iam = new IAMClient({ credentials: await assumeRole(new STSClient(), RoleArn) });
  const keys = await equipResponder(iam, user.name);
  const variables = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const lines = Object.entries(variables).map(shellLine);
  // Providers that run on answer for the deployer alone.
  lines.push("unset TF_REATTACH_PROVIDERS");
  writeFileSync(folder.responderFile, `. ${folder.environmentFile}\n${lines.join("\n")}\n`);
}

async function bootstrapExample(
  { landscape }: SessionFolder,
  environment: NodeJS.ProcessEnv,
  reporter: Reporter,
): Promise<Landscape> {
  await bootstrap({
    file: landscape,
    createOrganization: true,
    confirm: async () => true,
    reporter,
    directory: "cdktf.out",
    terraform: { environment },
  });
  return load(landscape);
}

interface Deployment {
  /** What stands beside the landscape. */
  readonly known: ReturnType<typeof besideLandscape>;
  readonly environment: NodeJS.ProcessEnv;
  /** How many stacks Terraform works on at once. */
  readonly lanes: number;
  readonly reporter: Reporter;
}

/** @returns how many resources were added, changed or destroyed */
async function deployAll(landscape: Landscape, deployment: Deployment): Promise<number> {
  const names = planStacks(landscape, [], deployment.known.deployed).stacks.map(({ name }) => name);
  if (await unchanged(landscape, names, deployment)) return 0;
  const { environment, lanes, reporter } = deployment;
  return reporter.step(`cdktf deploy of ${names.length} stacks`, async (detail) => {
    const onLine = deployProgress(names, { reporter, detail });
    const result = await deploy(["*"], { directory: repository, environment, lanes, onLine });
    if (result.exitCode !== 0)
      throw new Error(`cdktf deploy failed:\n${stripVTControlCharacters(result.output).slice(-4000)}`);
    const { added, changed, destroyed } = resourceCounts(result);
    return added + changed + destroyed;
  });
}

/** Whether every stack was deployed before and its plan is empty, so that nothing is left to do. */
async function unchanged(
  landscape: Landscape,
  names: readonly string[],
  { known, environment, lanes, reporter }: Deployment,
): Promise<boolean> {
  const { directory } = synthesize(landscape, { directory: "cdktf.out", ...known });
  const folderOf = (name: string) => path.join(directory, "stacks", name);
  const stateOf = (name: string) =>
    path.join(new SessionFolder(localDirectory).stateDirectory, `${name}.tfstate`);
  const deployed = (name: string) =>
    existsSync(stateOf(name)) && existsSync(path.join(folderOf(name), ".terraform"));
  if (!names.every(deployed)) return false;
  return reporter.step(`plan of ${names.length} stacks`, async (detail) => {
    const plans = await atOnce(lanes, names, async (name) => {
      detail(name);
      return new TerraformStackDirectory(name, folderOf(name), { environment }).plan();
    });
    return plans.every(([, { exitCode }]) => exitCode === 0);
  });
}

main().catch(async (error: Error) => {
  process.stderr.write(`${await explainFailure(error, new SessionFolder(localDirectory))}\n`);
  process.exitCode = error instanceof MissingTool ? 2 : 1;
});
