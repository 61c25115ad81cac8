import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { zipSync } from "fflate";
import { repository } from "../support/repository";
import { startOwned } from "./owned-process";
import { Activity } from "./provider-pool/activity";
import { AssetFolder } from "./provider-pool/asset-folder";
import { ConfiguredProviders } from "./provider-pool/configured-providers";
import { KeptSchemas } from "./provider-pool/kept-schemas";
import { Lanes } from "./provider-pool/lanes";
import { ProviderFailure, type ProviderProcess, startProvider } from "./provider-pool/provider-process";
import { SchemaAnswers } from "./provider-pool/schema-answers";
import { runsThatUse } from "./provider-pool/terraform-runs";
import { everyType, typesInPlan, typesInUse } from "./provider-pool/types-in-use";
import { frame, unframe, withoutCapabilities, withoutOtherTypes } from "./provider-pool/wire";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ir-kit-pool-test-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A field of variable length, in the encoding of Protocol Buffers. */
function field(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes]);
}

const entry = (number: number, key: string, value: string): Buffer =>
  field(number, Buffer.concat([field(1, key), field(2, value)]));

describe("a test that runs Terraform", () => {
  const folder = path.join(repository, "test", "e2e");
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const)
    .filter(([, source]) => source.includes("localProcessEnvironment("));

  it.each(sources)("uses providers that run on, of which each run would cost seconds: %s", (_, source) => {
    expect(source).toMatch(/startLocalPool\(|startProviderPool\(/);
  });
});

describe("an answer for schemas", () => {
  const provider = field(1, "the provider's own schema");
  const functions = entry(7, "arn_parse", "a function");
  const resources = (name: string) => entry(2, name, "x".repeat(300));
  const data = (name: string) => entry(3, name, "of a data source");
  const ephemeral = (name: string) => entry(8, name, "of an ephemeral resource");
  /** A number of 64 bits and one of 32, as a later version might add. */
  const later = Buffer.from([15 * 8 + 1, 1, 2, 3, 4, 5, 6, 7, 8, 14 * 8 + 5, 1, 2, 3, 4, 13 * 8, 255, 1]);

  it("is cut to the types in use, and nothing else of it is lost", () => {
    const whole = Buffer.concat([
      provider,
      resources("aws_s3_bucket"),
      resources("aws_iam_role"),
      data("aws_region"),
      data("aws_iam_role"),
      functions,
      ephemeral("aws_secretsmanager_secret_version"),
      later,
    ]);
    expect(withoutOtherTypes(whole, new Set(["aws_iam_role"]))).toEqual(
      Buffer.concat([provider, resources("aws_iam_role"), data("aws_iam_role"), functions, later]),
    );
    expect(withoutOtherTypes(whole, new Set())).toEqual(Buffer.concat([provider, functions, later]));
  });

  it.each([
    ["within a number", Buffer.from([10, 255])],
    ["within a field", field(2, "abcdef").subarray(0, 4)],
  ])("that ends %s is an error, not a shorter answer", (_, message) => {
    expect(() => withoutOtherTypes(message, new Set(["x"]))).toThrow("ends within");
  });

  it("comes in one frame, and what is not one whole frame is an error", () => {
    expect(unframe(frame(provider))).toEqual(provider);
    expect(() => unframe(frame(provider).subarray(0, 9))).toThrow("not one plain message");
    expect(() => unframe(Buffer.concat([frame(provider), Buffer.from([0])]))).toThrow("not one plain");
    const compressed = frame(provider);
    compressed[0] = 1;
    expect(() => unframe(compressed)).toThrow("not one plain");
  });
});

describe("schemas that were asked for once", () => {
  const { XDG_CACHE_HOME } = process.env;
  const schemas = frame(field(1, "the provider's own schema"));
  let asked: number;
  const ask = async () => {
    asked += 1;
    return schemas;
  };
  const poolOf = (program: string) => new SchemaAnswers(async () => everyType, new KeptSchemas(program));
  const program = (content: string) => {
    const file = path.join(directory, "provider");
    writeFileSync(file, content);
    return file;
  };
  const keptFile = () => {
    const folder = path.join(directory, "cache", "aws-ir-kit", "builds");
    return path.join(folder, readdirSync(folder)[0] ?? "");
  };

  beforeEach(() => {
    asked = 0;
    process.env.XDG_CACHE_HOME = path.join(directory, "cache");
  });
  afterEach(() => {
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  });

  it("are known to every later pool of the same program, and to none of another", async () => {
    expect(await poolOf(program("5.100.0")).answer(ask)).toEqual(schemas);
    expect(await poolOf(path.join(directory, "provider")).answer(ask)).toEqual(schemas);
    expect(asked).toBe(1);
    await poolOf(program("6.25.0, another size")).answer(ask);
    expect(asked).toBe(2);
  });

  it.each([
    ["cut off", (kept: Buffer) => kept.subarray(0, -1)],
    ["changed", (kept: Buffer) => Buffer.concat([kept.subarray(0, -1), Buffer.from("?")])],
    ["empty", () => Buffer.alloc(0)],
  ])("are asked for again where what was kept is %s", async (_, spoil) => {
    await poolOf(program("5.100.0")).answer(ask);
    writeFileSync(keptFile(), spoil(readFileSync(keptFile())));
    expect(await poolOf(path.join(directory, "provider")).answer(ask)).toEqual(schemas);
    expect(asked).toBe(2);
  });

  it("are not kept where the provider did not answer", async () => {
    const failing = async () => Promise.reject(new Error("the provider has died"));
    await expect(poolOf(program("5.100.0")).answer(failing)).rejects.toThrow("has died");
    expect(await poolOf(path.join(directory, "provider")).answer(ask)).toEqual(schemas);
    expect(asked).toBe(1);
  });
});

describe("the types in use", () => {
  const module = (files: Readonly<Record<string, unknown>>): string => {
    const folder = mkdtempSync(path.join(directory, "module-"));
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    return folder;
  };
  const local = { backend: { local: { path: "x.tfstate" } } };
  const sorted = (folders: readonly string[]) => [...typesInUse(folders)].sort();

  it("are those of configuration and state, in every directory", () => {
    const one = module({
      "cdk.tf.json": {
        terraform: local,
        resource: { aws_a: {} },
        data: { aws_b: {} },
        ephemeral: { aws_c: {} },
      },
      "x.tfstate": { resources: [{ type: "aws_gone" }, { type: "aws_a" }] },
    });
    const two = module({
      "main.tf.json": { resource: { aws_d: {} } },
      "terraform.tfstate": { resources: [{ type: "aws_left" }] },
    });
    const locked = module({ "main.tf.json": { resource: { aws_e: {} } }, "terraform.tfstate": "" });
    expect(sorted([one, two, locked])).toEqual([
      "aws_a",
      "aws_b",
      "aws_c",
      "aws_d",
      "aws_e",
      "aws_gone",
      "aws_left",
    ]);
  });

  it.each([
    ["is written in Terraform's own language", { "main.tf": 'resource "aws_x" "y" {}' }],
    ["calls modules", { "main.tf.json": { module: { m: { source: "./m" } } } }],
    ["keeps its state elsewhere", { "main.tf.json": { terraform: { backend: { s3: {} } } } }],
    ["has no configuration", {}],
    ["writes its blocks as a list", { "main.tf.json": { resource: [{ aws_x: {} }] } }],
    ["checks what it reads", { "main.tf.json": { check: { c: { data: { aws_x: {} } } } } }],
    ["is not whole", { "main.tf.json": '{"resource": {' }],
    ["has a state that is not whole", { "main.tf.json": { terraform: local }, "x.tfstate": "{" }],
  ])("are all where one %s", (_, files) => {
    expect(typesInUse([module({ "a.tf.json": { resource: { aws_a: {} } } }), module(files)])).toBe(everyType);
  });

  it.each([
    ["another workspace", "environment", "dev"],
    [
      "another path than the configuration says",
      "terraform.tfstate",
      '{"backend":{"config":{"path":"y.tfstate"}}}',
    ],
  ])("are all where the state lies in %s", (_, name, content) => {
    const folder = module({ "main.tf.json": { terraform: local, resource: { aws_a: {} } } });
    expect(typesInUse([folder])).toEqual(new Set(["aws_a"]));
    mkdirSync(path.join(folder, ".terraform"));
    writeFileSync(path.join(folder, ".terraform", name), content);
    expect(typesInUse([folder])).toBe(everyType);
  });
});

/** A provider that is nothing but its life. */
function small(): ProviderProcess & { readonly die: () => void } {
  let alive = true;
  let die: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    die = () => {
      alive = false;
      resolve();
    };
  });
  return {
    processId: 1,
    session: undefined as never,
    activity: new Activity(),
    running: () => alive,
    ended,
    stop: async () => die(),
    die: () => die(),
  };
}

describe("a provider that is started", () => {
  const reattachment = { aws: { Protocol: "grpc", ProtocolVersion: 6, Pid: 1, Addr: { String: "none" } } };

  it.each([
    ["speaks another protocol", JSON.stringify(reattachment), /version 6 of Terraform's protocol, not 5/],
    ["tells its address in another form", "{address}", /in no form that is known/],
  ])("is refused where it %s", async (_, told, message) => {
    const program = path.join(directory, "provider");
    const script = `#!/bin/sh\ncat <<'END'\nTF_REATTACH_PROVIDERS='${told}'\nEND\nsleep 5\n`;
    writeFileSync(program, script, { mode: 0o755 });
    const started = startProvider({ program, environment: process.env, directory, protocolVersion: 5 });
    await expect(started).rejects.toThrow(message);
  });
});

describe("a run of Terraform", () => {
  /** @returns the folders in which its module may lie, as seen from a process that has been told so */
  async function modulesSeen(chdir: string, workingDirectory: string): Promise<readonly string[]> {
    const socket = path.join(directory, "pool");
    // Under another name: node would be taken for a program that hands the variables on.
    const program = path.join(directory, "terraform");
    if (!existsSync(program)) copyFileSync(process.execPath, program);
    chmodSync(program, 0o755);
    const child = spawn(program, ["-e", "setInterval(() => {}, 1000)", "--", `-chdir=${chdir}`], {
      cwd: workingDirectory,
      env: { TF_REATTACH_PROVIDERS: JSON.stringify({ Addr: { String: socket } }) },
    });
    try {
      let runs = runsThatUse(socket) ?? [];
      // Between its fork and its start it is still Node, with Node's variables.
      for (let waited = 0; runs.length === 0 && waited < 10_000; waited += 50) {
        await sleep(50);
        runs = runsThatUse(socket) ?? [];
      }
      expect(runs).toHaveLength(1);
      return runs[0]?.directories ?? [];
    } finally {
      // A program that still runs can't be written over.
      const closed = once(child, "close");
      child.kill();
      await closed;
    }
  }
  const moduleAt = (name: string): string => {
    const folder = path.join(directory, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "cdk.tf.json"), "{}");
    return folder;
  };

  it("is known by the folder that -chdir names, before it has changed into it and after", async () => {
    const module = moduleAt("module");
    expect(await modulesSeen("module", directory)).toEqual([module]);
    expect(await modulesSeen("module", module)).toEqual([module]);
    expect(await modulesSeen(module, directory)).toEqual([module]);
  });

  it("may lie in either of two where it can't be told whether it has changed", async () => {
    const [outer, inner] = [moduleAt("env"), moduleAt("env/env")];
    expect(await modulesSeen("env", outer)).toEqual([outer, inner]);
  });
});

describe("the types in a plan that is shown", () => {
  const configuration = { resource: { aws_s3_bucket: { logs: {} } }, data: { aws_region: { here: {} } } };
  const state = { resources: [{ type: "aws_iam_role" }] };
  const plan = async (parts: Readonly<Record<string, unknown>>) => {
    const file = path.join(directory, "the.tfplan");
    const texts = Object.entries(parts).map(([name, part]) => [name, Buffer.from(JSON.stringify(part))]);
    writeFileSync(file, zipSync(Object.fromEntries(texts)));
    return typesInPlan(file);
  };

  it("are those of the configuration and the states that lie in it", async () => {
    const parts = {
      tfplan: "binary",
      tfstate: state,
      "tfstate-prev": { resources: [{ type: "aws_kms_key" }] },
    };
    const types = await plan({
      ...parts,
      "tfconfig/m-/cdk.tf.json": configuration,
      "tfconfig/modules.json": [],
    });
    expect(types).toEqual(new Set(["aws_iam_role", "aws_kms_key", "aws_s3_bucket", "aws_region"]));
  });

  it.each([
    ["is written in Terraform's own language", { "tfconfig/m-/main.tf": "resource" }],
    ["calls modules", { "tfconfig/m-/cdk.tf.json": { module: {} } }],
    ["has a state that is not whole", { tfstate: {} }],
  ])("are all where it %s", async (_, parts) => {
    expect(await plan(parts)).toBe(everyType);
  });

  it("are all where it is no plan", async () => {
    const file = path.join(directory, "state.json");
    writeFileSync(file, "{}");
    expect(await typesInPlan(file)).toBe(everyType);
    expect(await typesInPlan(path.join(directory, "none"))).toBe(everyType);
  });
});

describe("lanes", () => {
  const lanesOf = (limit: number) => {
    const started: ReturnType<typeof small>[] = [];
    const lanes = new Lanes(limit, async () => {
      started.push(small());
      return started.at(-1) as ProviderProcess;
    });
    return { lanes, started };
  };

  it("are lent to one at a time, lent again, and never more than the limit; others wait in line", async () => {
    const { lanes, started } = lanesOf(2);
    const [first, second] = [await lanes.take(), await lanes.take()];
    const order: string[] = [];
    const next = async (name: string) => {
      const lane = await lanes.take();
      order.push(name);
      return lane;
    };
    const [third, fourth] = [next("third"), next("fourth")];
    await sleep(20);
    expect([order, started.length]).toEqual([[], 2]);
    second.release();
    expect((await third).provider).toBe(second.provider);
    second.release(); // A second time gives nothing back that somebody else has.
    await sleep(20);
    expect(order).toEqual(["third"]);
    first.release();
    expect((await fourth).provider).toBe(first.provider);
    expect(started.length).toBe(2);
  });

  it("replace a provider that has died, free or lent", async () => {
    const { lanes, started } = lanesOf(1);
    (await lanes.take()).release();
    started[0]?.die();
    await sleep(0);
    const lane = await lanes.take();
    expect(lane.provider).toBe(started[1]);
    started[1]?.die();
    lane.release();
    expect((await lanes.take()).provider).toBe(started[2]);
  });

  it("give the place on when a provider does not start", async () => {
    let broken = true;
    const lanes = new Lanes(1, async () => {
      if (broken) throw new ProviderFailure("no such program");
      return small();
    });
    const [first, second] = [lanes.take(), lanes.take()];
    await expect(first).rejects.toThrow("no such program");
    await expect(second).rejects.toThrow("no such program");
    broken = false;
    await expect(lanes.take()).resolves.toBeDefined();
  });

  it("are one more where who has one waits for another, and nothing goes on", async () => {
    jest.useFakeTimers();
    try {
      const { lanes, started } = lanesOf(1);
      const first = await lanes.take();
      const end = first.provider.activity.begin();
      const second = lanes.take();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(started.length).toBe(1);
      end();
      await jest.advanceTimersByTimeAsync(25_000);
      expect((await second).provider).toBe(started[1]);
      // Given back once: two are lent, and who comes next waits for both.
      first.release();
      const third = lanes.take();
      const busy = (await second).provider.activity.begin();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(started.length).toBe(2);
      busy();
      (await second).release();
      await third;
      expect(started.length).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("lanes whose providers take long to start", () => {
  it("are not more than the limit", async () => {
    jest.useFakeTimers();
    try {
      let started = 0;
      const lanes = new Lanes(2, async () => {
        started += 1;
        await new Promise((resolve) => setTimeout(resolve, 90_000));
        return small();
      });
      for (let taker = 0; taker < 8; taker += 1) void lanes.take();
      await jest.advanceTimersByTimeAsync(80_000);
      expect(started).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("a configuration", () => {
  const taken = frame(new Uint8Array());
  const message = (...fields: Buffer[]) => frame(Buffer.concat(fields));
  const setup = (answer = taken) => {
    const configured: ProviderProcess[] = [];
    const lanes = new Lanes(5, async () => small());
    const providers = new ConfiguredProviders(lanes);
    const take = (configuration: Buffer) =>
      providers.take(configuration, async (provider) => {
        configured.push(provider);
        return answer;
      });
    return { take, configured };
  };
  const [one, other] = [message(field(2, "account 1")), message(field(2, "account 2"))];

  it("is given once to a provider that all have who ask for just this one, until the last has gone", async () => {
    const { take, configured } = setup();
    const [plan, apply] = [await take(one), await take(message(field(2, "account 1"), field(3, "deferral")))];
    expect([apply.provider === plan.provider, configured.length]).toEqual([true, 1]);
    const elsewhere = await take(other);
    expect(elsewhere.provider).not.toBe(plan.provider);
    plan.release();
    expect((await take(one)).provider).toBe(plan.provider);
    expect(configured.length).toBe(2);
    apply.release();
  });

  it("is given anew to a provider that others had before", async () => {
    const { take, configured } = setup();
    const first = await take(one);
    first.release();
    expect((await take(one)).provider).toBe(first.provider);
    expect(configured.length).toBe(2);
  });

  it("that the provider refuses, or takes with a warning, is asked again for the next", async () => {
    const refusal = message(field(1, "is not authorized to perform: sts:AssumeRole"));
    const { take, configured } = setup(refusal);
    const [first, second] = [await take(one), await take(one)];
    expect([first.answer, second.answer]).toEqual([refusal, refusal]);
    expect(configured.length).toBe(2);
    expect(second.provider).not.toBe(first.provider);
  });

  it("goes to another provider when the one that held it has died", async () => {
    const { take } = setup();
    const first = await take(one);
    (first.provider as ReturnType<typeof small>).die();
    await sleep(0);
    expect((await take(one)).provider).not.toBe(first.provider);
  });

  it("is the same whatever Terraform is capable of, and another under another version of Terraform", () => {
    const [version, configuration] = [field(1, "1.11.4"), field(2, "x")];
    const plain = Buffer.concat([version, configuration]);
    expect(withoutCapabilities(Buffer.concat([plain, field(3, "y")]))).toEqual(plain);
    expect(withoutCapabilities(Buffer.concat([field(1, "1.12.0"), configuration]))).not.toEqual(plain);
  });
});

describe("the folder of assets", () => {
  const asset = (module: string, digest: string, content: string) => {
    const folder = path.join(directory, module, "assets", "code", digest);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "a.zip"), content);
    return path.join(directory, module);
  };
  const read = (folder: AssetFolder, digest: string) =>
    readFileSync(path.join(folder.directory, "assets", "code", digest, "a.zip"), "utf8");

  it("holds those of every module, and follows one that has moved", () => {
    const folder = new AssetFolder(path.join(directory, "work"));
    const [first, second] = [asset("first", "1111", "one"), asset("second", "2222", "two")];
    folder.link([first, second, path.join(directory, "none")]);
    expect([read(folder, "1111"), read(folder, "2222")]).toEqual(["one", "two"]);
    rmSync(first, { recursive: true });
    folder.link([asset("third", "1111", "one")]);
    expect(read(folder, "1111")).toBe("one");
  });
});

describe("a program that is owned", () => {
  const alive = (file: string) => {
    try {
      process.kill(Number(readFileSync(file, "utf8")), 0);
      return true;
    } catch {
      return false;
    }
  };
  const until = async (condition: () => boolean) => {
    for (let waited = 0; !condition() && waited < 8000; waited += 20) await sleep(20);
    return condition();
  };
  const script = (file: string) => `echo $$ > '${file}'; trap 'exit 0' TERM; while :; do sleep 0.05; done`;

  it("tells its exit code, and ends when it is stopped", async () => {
    const { child } = startOwned("sh", ["-c", "exit 7"], { stdio: ["ignore", "ignore"] });
    expect(await once(child, "exit")).toEqual([7, null]);
    const file = path.join(directory, "pid");
    const { stop } = startOwned("sh", ["-c", script(file)], { stdio: ["ignore", "ignore"] });
    expect(await until(() => existsSync(file) && alive(file))).toBe(true);
    await stop();
    expect(await until(() => !alive(file))).toBe(true);
  });

  it("ends with its owner, which is killed and can say nothing", async () => {
    const file = path.join(directory, "pid");
    const source = path.join(directory, "owner.ts");
    const owned = path.join(repository, "test", "local-aws", "owned-process");
    writeFileSync(
      source,
      `import { startOwned } from ${JSON.stringify(owned)};
       startOwned("sh", ["-c", ${JSON.stringify(script(file))}], { stdio: ["ignore", "ignore"] });
       setInterval(() => undefined, 1000);`,
    );
    const bundled = path.join(directory, "owner.js");
    const { buildSync } = await import("esbuild");
    buildSync({ entryPoints: [source], bundle: true, platform: "node", outfile: bundled });
    const owner = spawn(process.execPath, [bundled], { stdio: "ignore" });
    expect(await until(() => existsSync(file) && alive(file))).toBe(true);
    owner.kill("SIGKILL");
    await once(owner, "exit");
    expect(await until(() => !alive(file))).toBe(true);
  });
});
