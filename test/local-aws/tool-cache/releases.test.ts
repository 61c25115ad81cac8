import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { FoundTool } from "./found";
import {
  archiveOf,
  archivePath,
  type Finished,
  KitCopy,
  pinsWith,
  programs,
  type RunSettings,
  rightDigests,
} from "./kit-copy";
import { deadUrl, type LoopbackServer, type ServedFile, serveFiles, startProxy } from "./loopback";
import { bringRelease, type Release } from "./release";

const terraform = archivePath("terraform", "1.11.4");
const provider = archivePath("terraform-provider-aws", "5.100.0");
const noDigests = { archive: "", program: "" };

let kit: KitCopy;
let files: Map<string, ServedFile>;
let server: LoopbackServer;

async function setUp(digests = rightDigests("terraform")): Promise<void> {
  kit = await KitCopy.make(pinsWith(digests, rightDigests("terraform-provider-aws")));
  kit.emulator("5.2.1");
  files = new Map([
    [terraform, { content: archiveOf("terraform") }],
    [provider, { content: archiveOf("terraform-provider-aws") }],
  ]);
  server = await serveFiles(files);
}

afterEach(async () => {
  kit.remove();
  await server.close();
});

const run = (args: readonly string[] = [], settings: RunSettings = {}): Promise<Finished> =>
  kit.run(args, {
    ...settings,
    environment: { IR_KIT_RELEASES_URL: server.url, ...settings.environment },
  });

const toolsOf = ({ stdout }: Finished) => JSON.parse(stdout) as Record<string, FoundTool>;

/** Nothing of a tool that did not come, neither under its own name nor under a temporary one. */
function nothingLeftOf(tool: string): void {
  const left = readdirSync(kit.tools).filter((name) => name.startsWith(tool) || name.startsWith("partial-"));
  expect(left).toEqual([]);
}

describe("Terraform and the AWS provider, where the machine has neither", () => {
  it("come from the releases, checked, and are found by the next run without a download", async () => {
    await setUp();
    const first = await run(["--json"]);
    expect(first.stderr).toContain("Terraform 1.11.4");
    expect(first.exitCode).toBe(0);
    const tools = toolsOf(first);
    for (const [name, product] of [
      ["terraform", "terraform"],
      ["provider", "terraform-provider-aws"],
    ] as const) {
      expect(tools[name]).toMatchObject({ origin: "kit", verdict: "verified" });
      const file = tools[name]?.path ?? "";
      expect(readFileSync(file, "utf8")).toBe(programs[product].content);
      expect(statSync(file).mode & 0o111).not.toBe(0);
    }
    expect(server.asked).toEqual([terraform, provider]);
    const second = await run(["--quiet"]);
    expect(second).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(server.asked).toHaveLength(2);
    nothingLeftOf("nothing");
  });

  it("come again where what lies there is not whole", async () => {
    await setUp();
    const file = toolsOf(await run(["--json"])).terraform?.path ?? "";
    writeFileSync(file, "half");
    expect((await run()).exitCode).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(programs.terraform.content);
    rmSync(path.join(path.dirname(file), "..", "receipt.json"));
    await run();
    expect(server.asked.filter((asked) => asked === terraform)).toHaveLength(3);
  });

  it("are thrown away where their digest is another", async () => {
    await setUp({ archive: "0".repeat(64), program: "" });
    const { exitCode, stderr } = await run(["--accept-unverified"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `SHA-256 is ${rightDigests("terraform").archive}, and ${"0".repeat(64)} is expected`,
    );
    nothingLeftOf("terraform");
  });

  it("are thrown away where the program in the archive is another", async () => {
    await setUp({ archive: "", program: "1".repeat(64) });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`the program's SHA-256 is ${rightDigests("terraform").program}`);
    nothingLeftOf("terraform");
  });

  it("are thrown away too where the archive of a packed mirror is another", async () => {
    await setUp();
    mkdirSync(kit.tools, { recursive: true });
    const archive = path.join(kit.tools, "..", path.basename(provider));
    writeFileSync(archive, archiveOf("terraform-provider-aws"));
    const release: Release = {
      product: "terraform-provider-aws",
      title: "AWS provider",
      folder: path.join(kit.tools, "terraform-provider-aws"),
      inside: "mirror",
      byHand: "by hand",
    };
    const pins = pinsWith(rightDigests("terraform"), { archive: "2".repeat(64), program: "" });
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = path.join(kit.tools, "..", "cache");
    try {
      mkdirSync(path.join(process.env.XDG_CACHE_HOME, "aws-ir-kit", "tools"), { recursive: true });
      await expect(bringRelease(release, { acceptUnverified: true, archive, pins })).rejects.toThrow(
        `${"2".repeat(64)} is expected`,
      );
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
    nothingLeftOf("terraform-provider-aws");
  });

  it.each([
    "socks5://127.0.0.1:1",
    "socks5://user:secret@127.0.0.1:1",
    "http://127.0.0.1:not-a-port",
    "http://user:se%cret@127.0.0.1:1",
  ])("are not asked for through a proxy that can't be used: %s", async (proxy) => {
    await setUp();
    const environment = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: "", no_proxy: "" };
    const { exitCode, stderr } = await run([], { environment });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("can't be used")]);
    expect(stderr).not.toMatch(/se%?cret/);
    expect(stderr).toContain("http://<host>:<port>");
    expect(stderr).not.toContain("    at ");
  });

  it("say that they are not verified in each run that uses them", async () => {
    await setUp(noDigests);
    expect((await run()).exitCode).toBe(2);
    expect((await run(["--accept-unverified"])).exitCode).toBe(0);
    const later = await run(["--quiet"]);
    expect([later.exitCode, later.stderr]).toEqual([0, expect.stringContaining("not verified")]);
  });

  it("leave nothing where the download is cut off, and come at the next run", async () => {
    await setUp();
    files.set(terraform, { content: archiveOf("terraform"), cutOff: true });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${server.url}${terraform} ended before its end`);
    expect(stderr).toContain("try again: nothing was kept");
    nothingLeftOf("terraform");
    files.set(terraform, { content: archiveOf("terraform") });
    expect((await run()).exitCode).toBe(0);
  });

  it("are missed in one message where the server has none of them", async () => {
    await setUp();
    files.clear();
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain("terraform_1.11.4");
    expect(stderr).toContain("terraform-provider-aws_5.100.0");
    expect(stderr.match(/gave no file: HTTP 404/g)).toHaveLength(2);
    expect(stderr.match(/What helps/g)).toHaveLength(1);
  });

  it("are missed in one message without a connection, which says what to install", async () => {
    await setUp();
    const url = await deadUrl();
    const { exitCode, stderr } = await run([], { environment: { IR_KIT_RELEASES_URL: url } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot be reached: connect ECONNREFUSED ${new URL(url).host}`);
    expect(stderr).toContain("export HTTPS_PROXY=");
    expect(stderr).toContain("https://developer.hashicorp.com/terraform/install");
    expect(stderr).toContain("export IR_KIT_PROVIDER_MIRROR=");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("say what is not verified, and want a word for it", async () => {
    await setUp(noDigests);
    const refused = await run();
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("Terraform 1.11.4 for");
    expect(refused.stderr).toContain("not verified");
    expect(refused.stderr).toContain("--accept-unverified");
    expect(server.asked).not.toContain(terraform);
    const accepted = await run(["--accept-unverified"]);
    expect(accepted.exitCode).toBe(0);
    expect(accepted.stdout).toMatch(/^terraform +1\.11\.4 +the kit's own, not verified/m);
    expect(accepted.stdout).toMatch(/^provider +5\.100\.0 +the kit's own, verified/m);
  });

  it("take the word from a variable too", async () => {
    await setUp(noDigests);
    const accepted = await run(["--json"], { environment: { IR_KIT_ACCEPT_UNVERIFIED: "1" } });
    expect(toolsOf(accepted).terraform?.verdict).toBe("not verified");
  });

  it("come through a proxy, but for hosts that NO_PROXY names", async () => {
    await setUp();
    const proxy = await startProxy();
    try {
      const address = `releases.example:${server.port}`;
      const environment = { IR_KIT_RELEASES_URL: `http://${address}`, HTTP_PROXY: proxy.url };
      expect((await run([], { environment })).exitCode).toBe(0);
      expect(proxy.asked).toEqual([address, address]);
      rmSync(kit.tools, { recursive: true });
      const around = { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" };
      expect((await run([], { environment: around })).exitCode).toBe(0);
      expect(proxy.asked).toHaveLength(2);
    } finally {
      await proxy.close();
    }
  });

  it("name the proxy that does not answer, without its password", async () => {
    await setUp();
    const { host } = new URL(await deadUrl());
    const { exitCode, stderr } = await run([], { environment: { HTTP_PROXY: `http://me:secret@${host}` } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`through the proxy http://${host}`);
    expect(stderr).not.toContain("secret");
  });
});

describe("two runs at once that share the cache", () => {
  it("bring each tool once: the second waits and says so", async () => {
    await setUp();
    // However late the second begins, the first is still waiting for its tool.
    let oneWaits = (_: string): void => undefined;
    const heldUntil = new Promise<void>((resolve) => {
      oneWaits = (said) => said.includes("Another process brings tools") && resolve();
    });
    files.set(terraform, { content: archiveOf("terraform"), heldUntil });
    const begin = () => run(["--json"], { onError: (said) => oneWaits(said) });
    const [first, second] = await Promise.all([begin(), begin()]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(toolsOf(first)).toEqual(toolsOf(second));
    expect([...server.asked].sort()).toEqual([provider, terraform].sort());
    const waiting = [first, second].filter(({ stderr }) => stderr.includes("Another process brings tools"));
    expect(waiting).toHaveLength(1);
  });
});

describe("another user than root", () => {
  it("has tools of his own below his home", async () => {
    await setUp();
    const root = process.getuid?.() === 0;
    const user = root ? 65_534 : (process.getuid?.() ?? 0);
    kit.give(user);
    const finished = await run(["--json"], root ? { user } : {});
    expect(finished.exitCode).toBe(0);
    const file = toolsOf(finished).terraform?.path ?? "";
    expect(file.startsWith(kit.home)).toBe(true);
    expect(statSync(file).uid).toBe(user);
  });
});

describe("a cache that can't hold the tools", () => {
  it("is named where its disk is full, and holds nothing of them", async () => {
    await setUp();
    const full = path.join(kit.root, "full-disk.js");
    writeFileSync(
      full,
      `const fs = require("node:fs");
       const noRoom = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
       fs.write = (...args) => args.at(-1)(noRoom());
       fs.writev = (...args) => args.at(-1)(noRoom());`,
    );
    const { exitCode, stderr } = await run([], { environment: { PRELOAD: full } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`the disk that holds ${kit.tools} is full`);
    expect(stderr).toContain("XDG_CACHE_HOME");
    nothingLeftOf("terraform");
    expect((await run()).exitCode).toBe(0);
  });

  it("is named where a file stands in its place", async () => {
    await setUp();
    writeFileSync(path.join(kit.home, ".cache"), "");
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${kit.tools} cannot be written (ENOTDIR)`);
  });
});
