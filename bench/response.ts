import { setTimeout as sleep } from "node:timers/promises";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { silentReporter } from "../cli/reporter";
import { contain } from "../cli/respond/contain";
import { systemClock } from "../runtime/shared/clock";
import type { AccountClients, Setting } from "../runtime/shared/setting";
import { kitOf } from "../stacks/kit";
import { assumeRole, clientSettings, type Keys } from "../test/local-aws/clients";
import { EmulatedOrganization } from "../test/proofs/walkthroughs/organization";
import { administratorPolicy, nameOf, setScene } from "../test/runtime/respond/scene";
import { MemoryLedger } from "../test/support/memory-ledger";
import type { Measurement } from "./measurement";

/** Milliseconds that are added to each call, as a responder far from the region has them. */
const latency = 50;
const rounds = 5;

/** From the command to contained, on the emulator with a delay at every call; how often AWS is called on the way. */
export async function* response(): AsyncIterable<Measurement> {
  const organization = await EmulatedOrganization.create();
  try {
    yield await measured(organization, "a key with one user, to contained", 5, 0);
    yield await measured(organization, "a key with a chain of five roles, to contained", 15, 5);
  } finally {
    await organization.close();
  }
}

async function measured(
  organization: EmulatedOrganization,
  what: string,
  goalSeconds: number,
  roles: number,
): Promise<Measurement> {
  const times: number[] = [];
  let calls = 0;
  // The first round warms up the emulator, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    const key = await attacked(organization, roles);
    calls = 0;
    const setting = delayed(organization, () => {
      calls += 1;
    });
    const start = performance.now();
    const { principals } = await contain(
      setting,
      organization.landscape,
      silentReporter,
      { accessKeyId: key },
      {
        since: new Date(Date.now() - 3_600_000),
        checkAt: [],
        agreed: async () => true,
        follow: "all",
        print: () => undefined,
      },
    );
    if (round > 0) times.push(performance.now() - start);
    if (principals.length !== roles + 1) throw new Error(`${principals.length} principals contained`);
  }
  const worst = Math.max(...times) / 1000;
  return {
    what,
    baseline: `${goalSeconds} seconds`,
    ratio: worst / goalSeconds,
    goal: 1,
    detail: `${worst.toFixed(1)} s at worst of ${rounds}, ${calls} calls of ${latency} ms more than the emulator takes`,
  };
}

/** A leaked key, and roles that were assumed one from the other. */
async function attacked(organization: EmulatedOrganization, roles: number): Promise<string> {
  const { leaked, account, iam, userArn } = await setScene(organization);
  let keys: Keys = leaked;
  for (let index = 0; index < roles; index += 1) {
    const RoleName = `hop-${index}-of-${nameOf(userArn)}`;
    const trust = [{ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }];
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: trust });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: administratorPolicy }));
    keys = await assumeRole(new STSClient(clientSettings(organization.front, keys)), Role?.Arn ?? "");
  }
  return leaked.accessKeyId;
}

interface Delayable {
  readonly middlewareStack: {
    add(
      middleware: (next: (args: never) => Promise<never>) => (args: never) => Promise<never>,
      options: { readonly step: "initialize" },
    ): void;
  };
}

function delayed(organization: EmulatedOrganization, count: () => void): Setting {
  const slow = <T>(client: T): T => {
    (client as unknown as Delayable).middlewareStack.add(
      (next) => async (args) => {
        count();
        await sleep(latency);
        return next(args);
      },
      { step: "initialize" },
    );
    return client;
  };
  const enter = async (account: string): Promise<AccountClients> => {
    // Who the caller is, the hub's role, the account's role.
    for (let call = 0; call < 3; call += 1) count();
    await sleep(3 * latency);
    const name = account === organization.idOf("payments-prod") ? "payments-prod" : "log-archive";
    const settings = organization.client(await organization.session("credentials", name));
    const cloudTrail = (region: string) => slow(new CloudTrailClient({ ...settings, region }));
    return { iam: slow(new IAMClient(settings)), cloudTrail };
  };
  const entered = new Map<string, Promise<AccountClients>>();
  return {
    kit: kitOf(organization.landscape),
    account: (id) => {
      const known = entered.get(id) ?? enter(id);
      entered.set(id, known);
      return known;
    },
    sts: async () =>
      slow(new STSClient(organization.client(await organization.session("credentials", "security")))),
    clock: systemClock,
    ledger: new MemoryLedger(),
    actor: "emergency-1",
    caseId: "CASE-1",
  };
}
