import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { RE2JS } from "re2js";
import {
  type CommandDocument,
  collectionDocuments,
  documentLimit,
  mostParts,
} from "../../baseline/documents";
import { exampleLandscape } from "../support/landscapes";
import { shellCheck } from "../support/shell-check";
import { objections } from "./command-document";

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A tool that reads no memory, but writes what a test can compare. */
const tool = '#!/bin/bash\n[ "$1" = --help ] || seq 1 400000 >"${@: -1}"\n';

const landscape = exampleLandscape([
  "endpoints: on-demand",
  `tools:\n    - { platform: linux, key: avml, sha256: ${sha256(tool)}, memory: x86-64 }\n  endpoints: on-demand`,
]);
const { forensics } = landscape;
if (!forensics) throw new Error("the example has no forensics");
const documents = collectionDocuments(landscape, forensics, "us-east-1");
const of = (name: string): CommandDocument => {
  const found = documents[`acme-ir-collect-${name}`];
  if (!found) throw new Error(`no document ${name}`);
  return found;
};

const bucket = "acme-ir-evidence-444444444444-eu-west-1";
const address = (host: string, key = "evidence/CASE-1/memory.lime") =>
  `https://${host}/${key}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIA%2F20261128&partNumber=1`;
const good = address(`${bucket}.s3.eu-west-1.amazonaws.com`);

describe("documents of collection", () => {
  it.each(Object.entries(documents))("are what Systems Manager takes: %s", (_, document) => {
    expect(objections(document)).toEqual([]);
  });

  it("would not be, with anything that it does not know", () => {
    const live = of("live-linux");
    const [first] = live.mainSteps;
    const broken = [
      { ...live, schemaVersion: "2.3" },
      { ...live, mainSteps: [] },
      { ...live, mainSteps: [{ ...first, action: "aws:runBashScript" }] },
      { ...live, mainSteps: [{ ...first, inputs: { ...first?.inputs, timeoutSeconds: 5 } }] },
      { ...live, parameters: { "part-bytes": { type: "String" } } },
      { ...live, parameters: { urls: { type: "Text" } } },
    ];
    for (const document of broken) expect(objections(document)).not.toEqual([]);
  });

  it.each(Object.entries(documents))("leave room for as many addresses as they take: %s", (_, document) => {
    // An address that is signed with a session's token.
    const addresses = mostParts * 1900;
    expect(Buffer.byteLength(JSON.stringify(document)) + addresses).toBeLessThan(documentLimit);
  });

  it.each(Object.entries(documents))(
    "put each parameter between quotes, and none that is not declared: %s",
    (_, document) => {
      const script = document.mainSteps.flatMap(({ inputs }) => inputs.runCommand).join("\n");
      const used = [...script.matchAll(/(.)\{\{\s*(\w+)\s*\}\}(.)/g)];
      expect(used.map(([, before, , behind]) => [before, behind])).toEqual(used.map(() => ["'", "'"]));
      expect(used.map(([, , name]) => name).sort()).toEqual(Object.keys(document.parameters).sort());
    },
  );

  it("take addresses of the case's prefix in a bucket of evidence, and no others", () => {
    // As Systems Manager does.
    const pattern = RE2JS.compile(of("live-linux").parameters.urls?.allowedPattern ?? "");
    const [, query = ""] = good.split("?");
    const us = good.replaceAll("eu-west-1", "us-east-1");
    for (const one of [good, `${good},${good}`, us]) expect([one, pattern.matches(one)]).toEqual([one, true]);
    for (const one of [
      "",
      `${good},`,
      Array.from({ length: mostParts + 1 }, () => good).join(","),
      good.replace("https", "http"),
      good.replace("444444444444", "999999999999"),
      good.replace("acme-ir-evidence", "acme-ir-tools"),
      good.replace("evidence/CASE-1/", "custody/CASE-1/"),
      good.replace("evidence/CASE-1/", "evidence/"),
      good.replace(".s3.eu-west-1.amazonaws.com", ".s3.eu-west-1.amazonaws.com.example.org"),
      good.replace("amazonaws.com", "amazonaws.com@example.org"),
      good.replaceAll("eu-west-1.s3.eu-west-1", "eu-west-1.s3.us-east-1"),
      `${good}'; id; '`,
      `${good}\n`,
      address("example.org"),
      `https://example.org/?${query},${good}`,
    ]) {
      expect([one, pattern.matches(one)]).toEqual([one, false]);
    }
  });

  it("take nothing by which a value could end the quotes around it", () => {
    const patterns = Object.values(documents).flatMap(({ parameters }) =>
      Object.values(parameters).map(({ allowedPattern }) => allowedPattern),
    );
    for (const pattern of new Set(patterns)) {
      const accepts = RE2JS.compile(pattern);
      fc.assert(
        fc.property(
          fc.string(),
          fc.constantFrom("'", "\n", "`", "$", '"', ";", " "),
          fc.string(),
          (a, b, c) => {
            expect(accepts.matches(`${a}${b}${c}`)).toBe(false);
            expect(accepts.matches(`${good}${b}`)).toBe(false);
          },
        ),
        { numRuns: 200 },
      );
    }
  });

  it("have defaults that they take", () => {
    for (const { parameters } of Object.values(documents)) {
      for (const { allowedPattern, default: value } of Object.values(parameters)) {
        if (value !== undefined) expect(value).toMatch(new RegExp(allowedPattern));
      }
    }
  });

  it.each(["memory-linux", "live-linux"])("pass ShellCheck: %s", (name) => {
    expect(shellCheck(scriptOf(name, {}))).toEqual([]);
  });
});

const scriptOf = (name: string, values: Readonly<Record<string, string>>): string =>
  of(name)
    .mainSteps.flatMap(({ inputs }) => inputs.runCommand)
    .join("\n")
    .replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, parameter: string) => values[parameter] ?? "");

/** Takes parts as S3 does: of a known length, and compared with their MD5. */
class Bucket {
  readonly parts = new Map<string, Buffer>();
  refuses: string | undefined;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  readonly url = (key: string): string =>
    `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${key}`;

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const key = request.url ?? "";
    if (request.method === "GET") return void response.end(tool);
    const digest = createHash("md5").update(body).digest("base64");
    const sound =
      request.method === "PUT" &&
      request.headers["content-md5"] === digest &&
      request.headers["transfer-encoding"] === undefined &&
      Number(request.headers["content-length"]) === body.length;
    if (!sound || key === this.refuses) {
      response.statusCode = 400;
      response.end();
      return;
    }
    this.parts.set(key, body);
    response.end();
  }

  get whole(): Buffer {
    return Buffer.concat([...this.parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, body]) => body));
  }
}

describe("what a machine runs", () => {
  let folder: string;
  let bucket: Bucket;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-collect-"));
    mkdirSync(path.join(folder, "work"));
    bucket = new Bucket();
    await bucket.listen();
  });

  afterEach(() => {
    bucket.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (
    name: string,
    values: Readonly<Record<string, string>> = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ exitCode: number | null; lines: Record<string, unknown>[] }> => {
    const script = path.join(folder, "script.sh");
    const given = {
      urls: Array.from({ length: 4 }, (_, part) => bucket.url(`part-${part + 1}`)).join(","),
      partBytes: "1000000",
      folder: path.join(folder, "work"),
      toolUrl: bucket.url("tool"),
      ...values,
    };
    writeFileSync(script, scriptOf(name, given));
    const child = spawn("bash", [script], {
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: "C.UTF-8", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const lines = output
      .trim()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return { exitCode, lines };
  };
  const left = () => readdirSync(path.join(folder, "work"));

  const meminfo = (kilobytes: number): Record<string, string> => {
    const file = path.join(folder, "meminfo");
    writeFileSync(file, `MemTotal: ${kilobytes} kB\n`);
    return { IR_KIT_MEMINFO: file };
  };
  const wanted = () => execFileSync("seq", ["1", "400000"], { maxBuffer: 1e7 });

  it("hands in memory in parts, says what each is, and leaves nothing behind", async () => {
    const { exitCode, lines } = await run("memory-linux", {}, meminfo(1000));
    expect(exitCode).toBe(0);
    expect(bucket.whole.equals(wanted())).toBe(true);
    const parts = [...bucket.parts.values()];
    expect(lines).toEqual([
      ...parts.map((body, index) => ({
        part: index + 1,
        bytes: body.length,
        md5: createHash("md5").update(body).digest("hex"),
      })),
      { whole: "memory.lime", bytes: wanted().length, sha256: sha256(wanted()) },
    ]);
    expect(parts.length).toBe(3);
    expect(left()).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, () => Record<string, string>, RegExp]>([
    ["without room for it", {}, () => meminfo(1e13), /kB left and memory has/],
    ["in fewer parts than it has", { partBytes: "1000" }, () => meminfo(1000), /more than 4 parts of 1000/],
    ["where the folder is not there", { folder: "/nowhere" }, () => meminfo(1000), /can't be written to/],
  ])("hands in no memory %s, and says why", async (_, values, environment, why) => {
    const { exitCode, lines } = await run("memory-linux", values, environment());
    expect([exitCode, lines.at(-1)]).toEqual([1, { failed: expect.stringMatching(why) }]);
    expect(left()).toEqual([]);
  });

  it("runs no tool but the one that is pinned", async () => {
    const other = { ...landscape, forensics: { ...forensics, tools: [] } };
    const none = collectionDocuments(other, other.forensics, "us-east-1")["acme-ir-collect-memory-linux"];
    expect(none?.mainSteps[0]?.inputs.runCommand).toContain("IR_KIT_SHA256_X86_64=''");
    const changed = tool.replace("400000", "4");
    const script = scriptOf("memory-linux", {}).replaceAll(sha256(tool), sha256(changed));
    expect(script).toContain(sha256(changed));
    const file = path.join(folder, "other.sh");
    writeFileSync(
      file,
      script
        .replace("IR_KIT_TOOL_URL=''", `IR_KIT_TOOL_URL='${bucket.url("tool")}'`)
        .replace("IR_KIT_FOLDER=''", `IR_KIT_FOLDER='${path.join(folder, "work")}'`),
    );
    const ended = spawn("bash", [file], { env: { PATH: process.env.PATH, ...meminfo(1000) } });
    let output = "";
    ended.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const exitCode = await new Promise((resolve) => ended.on("close", resolve));
    expect([exitCode, JSON.parse(output)]).toEqual([1, { failed: "the tool is not the one that is pinned" }]);
    expect(left()).toEqual([]);
  });

  it("says which part was not taken", async () => {
    bucket.refuses = "/part-2";
    const { exitCode, lines } = await run("memory-linux", {}, meminfo(1000));
    expect([exitCode, lines.at(-1)]).toEqual([1, { failed: "part 2 was not taken" }]);
    expect(left()).toEqual([]);
  });

  it("tells what a running machine knows of itself, this one", async () => {
    const { exitCode, lines } = await run("live-linux", { partBytes: "5000000000" });
    expect([exitCode, lines.filter(({ failed }) => failed)]).toEqual([0, []]);
    const packed = path.join(folder, "live.tar.gz");
    writeFileSync(packed, bucket.whole);
    expect(lines.at(-1)).toEqual({
      whole: "live.tar.gz",
      bytes: bucket.whole.length,
      sha256: sha256(bucket.whole),
    });
    execFileSync("tar", ["--extract", "--gzip", "--file", packed, "--directory", folder]);
    const tells = (name: string) => readFileSync(path.join(folder, "live", `${name}.txt`), "utf8");
    expect(tells("processes")).toContain("script.sh");
    const own = readFileSync(process.execPath);
    expect(tells("programs")).toContain(sha256(own));
    expect(tells("mounts")).toContain("/proc");
    // What this machine lacks is told, and is no file.
    const missing = lines.flatMap((line) => (typeof line.missing === "string" ? [line.missing] : []));
    for (const command of missing)
      expect(() => execFileSync("which", [command], { stdio: "ignore" })).toThrow();
    expect(left()).toEqual([]);
  });
});
