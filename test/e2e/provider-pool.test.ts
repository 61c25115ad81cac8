import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { TerraformStackDirectory } from "../../cli/terraform";
import { assumeRole, clientSettings } from "../local-aws/clients";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { type ProviderPool, startProviderPool } from "../local-aws/provider-pool";
import { providerBinary } from "../local-aws/tools";
import { atOnce } from "../support/at-once";
import { wholeRun } from "../support/share";
import { describeWithTerraform } from "../support/with-tools";

const region = "eu-west-1";

describeWithTerraform("providers that run on", () => {
  let front: Front;
  let directory: string;
  let ordinary: NodeJS.ProcessEnv;
  let pool: ProviderPool;
  let accounts: string[];

  // Found before the cache is another one.
  const program = providerBinary() ?? "";
  const { XDG_CACHE_HOME } = process.env;
  const startPool = (lanes = 4) =>
    startProviderPool({ program, environment: ordinary, lanes, stackFolders: [] });

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-pool-e2e-"));
    ordinary = localProcessEnvironment(localEnvironment(front.port, region, directory));
    // What an earlier run has kept of the provider's schemas would answer in its place.
    process.env.XDG_CACHE_HOME = path.join(directory, "cache");
    pool = await startPool();
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    accounts = [];
    for (const name of ["one", "two", "three", "four"]) {
      const { CreateAccountStatus } = await organizations.send(
        new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
      );
      accounts.push(CreateAccountStatus?.AccountId ?? "");
    }
  }, 60_000);

  afterAll(async () => {
    await pool.stop();
    await front.stop();
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    rmSync(directory, { recursive: true, force: true });
  });

  const roleOf = (account: string) => `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;

  /** A module of one provider, as each stack of the kit is. */
  function module(resource: unknown, account?: string): string {
    const folder = mkdtempSync(path.join(directory, "module-"));
    write(folder, resource, account);
    return folder;
  }

  function write(folder: string, resource: unknown, account?: string): void {
    const assume = account === undefined ? {} : { assume_role: [{ role_arn: roleOf(account) }] };
    const configuration = {
      terraform: {
        required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } },
        backend: { local: { path: "the.tfstate" } },
      },
      provider: { aws: [{ region, ...assume }] },
      resource,
    };
    writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(configuration));
  }

  const parameter = (name: string, value: string) => ({
    aws_ssm_parameter: { p: { name, type: "String", value } },
  });

  const terraform = (folder: string, environment: NodeJS.ProcessEnv = { ...ordinary, ...pool.environment }) =>
    new TerraformStackDirectory("module", folder, { environment });

  async function valueIn(account: string, Name: string): Promise<string | undefined> {
    const keys = await assumeRole(new STSClient(clientSettings(front)), roleOf(account));
    const ssm = new SSMClient(clientSettings(front, keys, region));
    try {
      return (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    } catch (error) {
      if ((error as Error).name === "ParameterNotFound") return undefined;
      throw error;
    }
  }

  it("plan as providers do that Terraform starts, byte for byte", async () => {
    const folder = module({
      ...parameter("/plain", "x"),
      aws_sqs_queue: { q: { name: "queue" } },
      aws_iam_role: {
        r: { name: "role", assume_role_policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) },
      },
    });
    const planned = async (environment?: NodeJS.ProcessEnv) => {
      const stack = terraform(folder, environment);
      await stack.init();
      const { exitCode, output } = await stack.plan("-out=the.plan");
      expect([exitCode, exitCode === 2 ? "" : output]).toEqual([2, ""]);
      const { timestamp: _, ...plan } = JSON.parse(await stack.show("the.plan")) as Record<string, unknown>;
      return plan;
    };
    expect(await planned()).toEqual(await planned(ordinary));
  });

  // Fifty times in the long run.
  const rounds = wholeRun() ? 50 : 3;

  it(
    `land eight stacks of four accounts each in its own account, at once, ${rounds} times`,
    async () => {
      const stacks = Array.from({ length: 8 }, (_, index) => ({
        account: accounts[index % 4] ?? "",
        name: `/stack-${index}`,
        folder: module(parameter(`/stack-${index}`, "0"), accounts[index % 4]),
      }));
      await atOnce(8, stacks, ({ folder }) => terraform(folder).init());
      for (const round of Array.from({ length: rounds }, (_, index) => String(index + 1))) {
        await atOnce(8, stacks, async ({ account, name, folder }) => {
          write(folder, parameter(name, round), account);
          await terraform(folder).apply();
        });
        for (const { account, name } of stacks) {
          const found = await Promise.all(accounts.map((each) => valueIn(each, name)));
          expect([name, found]).toEqual([
            name,
            accounts.map((each) => (each === account ? round : undefined)),
          ]);
        }
      }
      expect(pool.counts().mostAtOnce).toBeLessThanOrEqual(4);
      expect(pool.counts().mostAtOnce).toBeGreaterThan(1);
    },
    rounds * 60_000,
  );

  it("know types that no stack of the kit has, and Terraform's own language", async () => {
    const folder = mkdtempSync(path.join(directory, "foreign-"));
    writeFileSync(
      path.join(folder, "main.tf"),
      `provider "aws" {\n  region = "${region}"\n}\nresource "aws_apigatewayv2_api" "a" {\n  name = "a"\n  protocol_type = "HTTP"\n}\n`,
    );
    await terraform(folder).init();
    const { exitCode, output } = await terraform(folder).plan();
    expect([exitCode, output]).toEqual([
      2,
      expect.stringContaining("aws_apigatewayv2_api.a will be created"),
    ]);
  });

  it("tell what is wrong with a configuration in the provider's own words", async () => {
    const folder = module(parameter("/x", "x"), accounts[0]);
    const wrong = readFileSync(path.join(folder, "main.tf.json"), "utf8").replace(
      "OrganizationAccount",
      "Nobody",
    );
    writeFileSync(path.join(folder, "main.tf.json"), wrong);
    await terraform(folder).init();
    const { exitCode, output } = await terraform(folder).plan();
    expect([exitCode, output]).toEqual([1, expect.stringContaining("Cannot assume IAM Role")]);
  });

  it("refuse Terraform under other keys, for they would answer for the deployer", async () => {
    const folder = module(parameter("/other", "x"));
    const environment = { ...ordinary, ...pool.environment, AWS_ACCESS_KEY_ID: "AKIAOTHERKEY00000000" };
    await terraform(folder, environment).init();
    const { exitCode, output } = await terraform(folder, environment).plan();
    expect([exitCode, output.replace(/[\s│]+/g, " ")]).toEqual([
      1,
      expect.stringContaining("another AWS_ACCESS_KEY_ID than the provider pool"),
    ]);
  });

  it("that die within an apply are Terraform's own error; the state is kept, and the next run goes on", async () => {
    const folder = module({
      ...parameter("/before", "x"),
      // The provider waits for a queue for 25 seconds.
      aws_sqs_queue: { q: { name: "slow", depends_on: ["aws_ssm_parameter.p"] } },
    });
    await terraform(folder).init();
    const others = new Set(pool.counts().processIds);
    const applying = terraform(folder).tryApply();
    const state = path.join(folder, "the.tfstate");
    for (let waited = 0; waited < 60_000 && !stateHolds(state, "aws_ssm_parameter"); waited += 100)
      await sleep(100);
    expect(stateHolds(state, "aws_ssm_parameter")).toBe(true);
    for (const id of pool.counts().processIds) process.kill(id, "SIGKILL");
    const { exitCode, output } = await applying;
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/Error: Plugin did not respond/)]);
    expect(stateHolds(state, "aws_ssm_parameter")).toBe(true);
    expect((await terraform(folder).tryApply()).exitCode).toBe(0);
    expect((await terraform(folder).plan()).exitCode).toBe(0);
    expect(pool.counts().processIds.filter((id) => others.has(id))).toEqual([]);
  }, 120_000);

  function stateHolds(file: string, type: string): boolean {
    try {
      return readFileSync(file, "utf8").includes(`"${type}"`);
    } catch {
      return false;
    }
  }

  it.each([
    [
      "is missing",
      () => path.join(directory, "no-such-provider"),
      /no-such-provider ended at once|does not start/,
    ],
    ["is no provider", () => programThat("echo I am no provider"), /ended at once: I am no provider/],
  ])("whose program %s are an error that names it", async (_, file, message) => {
    const broken = await startProviderPool({
      program: file(),
      environment: ordinary,
      lanes: 1,
      stackFolders: [],
    });
    try {
      const folder = module(parameter("/x", "x"));
      const environment = { ...ordinary, ...broken.environment };
      await terraform(folder, environment).init();
      const { exitCode, output } = await terraform(folder, environment).plan();
      expect([exitCode, output.replace(/[\s│]+/g, " ")]).toEqual([1, expect.stringMatching(message)]);
    } finally {
      await broken.stop();
    }
  });

  function programThat(script: string): string {
    const folder = mkdtempSync(path.join(directory, "program-"));
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, "provider");
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  it("make their socket elsewhere where the folder for temporary files has a long path", async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = path.join(directory, "x".repeat(90));
    try {
      const elsewhere = await startPool(1);
      expect(elsewhere.environment.TF_REATTACH_PROVIDERS).toContain('"String":"/tmp/ir-kit-');
      await elsewhere.stop();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it("all end when the pool is stopped", async () => {
    const own = await startPool(1);
    const folder = module(parameter("/own", "x"));
    const environment = { ...ordinary, ...own.environment };
    await terraform(folder, environment).init();
    expect((await terraform(folder, environment).plan()).exitCode).toBe(2);
    const { processIds } = own.counts();
    expect(processIds).toHaveLength(2);
    await own.stop();
    for (const id of processIds) expect(() => process.kill(id, 0)).toThrow("ESRCH");
  });
});
