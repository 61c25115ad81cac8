import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { type Landscape, landscapePath } from "../../landscape";
import type { SessionCredentials } from "../assume/chain";
import { consoleUrl } from "../assume/console";
import { type OpenOptions, openSession } from "../assume/open";
import { accountNamed, caseOrAsk, taskNamed } from "../assume/target";
import { WrongUse } from "../errors";
import { loadOrRefuse } from "../landscape";

interface Options extends OpenOptions {
  readonly account: string;
  readonly case?: string;
  readonly exec?: string;
  readonly console?: true;
  readonly credentialProcess?: true;
  readonly show?: true;
  readonly config?: string;
}

interface Opened {
  readonly session: SessionCredentials;
  readonly task: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly caseId: string;
  readonly landscape: Landscape;
}

/** `ir-kit assume`: the door. */
export const assumeCommand = (): Command =>
  new Command("assume")
    .description("take up a task in an account: from your own credentials, by the hub, into the account")
    .argument("<task>", "investigate, contain, evidence, credentials or recover")
    .requiredOption("--account <name>", "the account: its name in the landscape, or its id")
    .option("--case <id>", "the case, such as CASE-1; else IR_KIT_CASE, else you are asked")
    .option("--exec <command>", "run a command with the session's credentials, and exit as it does")
    .option("--console", "print an address that opens the AWS console; it works for 15 minutes")
    .option("--credential-process", "print JSON for credential_process of the AWS CLI's configuration")
    .option("--show", "print credentials even on a terminal")
    .option("--mfa-code <code>", "six digits of your MFA device; else you are asked")
    .option("--mfa-serial <arn>", "your MFA device, where it is not named like you")
    .option("--no-cache", "open a new session even where one is open")
    .option("--config <file>", "the landscape; else IR_KIT_CONFIG, config/landscape.yaml")
    .addHelpText(
      "after",
      "\nWithout --exec, --console or --credential-process: a shell with the credentials on a terminal,\n" +
        'lines for eval elsewhere: eval "$(npx ir-kit assume contain --account payments-prod --case CASE-1)".\n' +
        "A session lasts an hour. Each use raises an alarm.",
    )
    .action(async (task: string, options: Options) => {
      oneWayOut(options);
      const opened = await open(task, options);
      await handOver(opened, options);
    });

function oneWayOut({ exec, console, credentialProcess, show }: Options): void {
  const chosen = [
    exec !== undefined && "--exec",
    console && "--console",
    credentialProcess && "--credential-process",
  ];
  const names = chosen.filter(Boolean);
  if (names.length > 1) throw new WrongUse(`${names.join(" and ")} exclude one another: choose one`);
  if (exec !== undefined && exec.trim() === "") throw new WrongUse("--exec needs a command to run");
  if (credentialProcess && process.stdout.isTTY && !show) {
    throw new WrongUse(
      "--credential-process is for the AWS CLI's configuration; on a terminal it would show secrets. Add --show if you want them.",
    );
  }
}

async function open(taskName: string, options: Options): Promise<Opened> {
  const task = taskNamed(taskName);
  const landscape = loadOrRefuse(landscapePath(options.config));
  const account = accountNamed(landscape, options.account);
  const caseId = await caseOrAsk(options.case);
  const session = await openSession(landscape, { task, account: account.id, caseId }, options);
  return { session, task, account, caseId, landscape };
}

async function handOver(opened: Opened, { exec, console, credentialProcess, show }: Options): Promise<void> {
  const { session, task, account, caseId, landscape } = opened;
  if (credentialProcess) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = session;
    print(
      JSON.stringify({
        Version: 1,
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: expiration,
      }),
    );
    return;
  }
  process.stderr.write(
    `${task} in ${account.name} (${account.id}), case ${caseId}, until ${session.expiration} (UTC)\n`,
  );
  if (console) return print(await consoleUrl(landscape, session));
  if (exec !== undefined) return run(exec, opened);
  if (process.stdout.isTTY && !show) return run(process.env.SHELL || "/bin/sh", opened);
  for (const [name, value] of Object.entries(variables(opened))) print(`export ${name}='${value}'`);
}

const print = (line: string) => {
  process.stdout.write(`${line}\n`);
};

const variables = ({ session, task, account, caseId, landscape }: Opened): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: session.accessKeyId,
  AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
  AWS_SESSION_TOKEN: session.sessionToken,
  AWS_CREDENTIAL_EXPIRATION: session.expiration,
  AWS_REGION: process.env.AWS_REGION || landscape.homeRegion,
  AWS_DEFAULT_REGION: process.env.AWS_DEFAULT_REGION || process.env.AWS_REGION || landscape.homeRegion,
  IR_KIT_TASK: task,
  IR_KIT_ACCOUNT: account.name,
  IR_KIT_CASE: caseId,
});

/** A profile in the environment would win over the session's credentials. */
function run(command: string, opened: Opened): void {
  const { AWS_PROFILE: _, AWS_DEFAULT_PROFILE: __, ...environment } = process.env;
  const { status, signal, error } = spawnSync(command, {
    shell: true,
    stdio: "inherit",
    env: { ...environment, ...variables(opened) },
  });
  if (error) throw new WrongUse(`the command could not be run: ${error.message}`);
  process.exitCode = signal === null ? (status ?? 1) : 1;
}
