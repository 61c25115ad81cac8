import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repository } from "../support/repository";

/** Everything below a folder: relative path and content. */
function contents(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => [name, readFileSync(path.join(folder, name), "utf8")]);
}

/** Synthesizes the example in a folder of its own, as another user at another time. */
function synthesizeIn(folder: string, user: string, clock: string): [string, string][] {
  copyFileSync(path.join(repository, "config", "landscape.yaml"), path.join(folder, "landscape.yaml"));
  const preload = path.join(folder, "clock.js");
  writeFileSync(
    preload,
    `const RealDate = Date; const start = RealDate.parse("${clock}");
     globalThis.Date = class extends RealDate { constructor(...a) { a.length ? super(...a) : super(start); } static now() { return start; } };`,
  );
  const result = spawnSync(
    process.execPath,
    ["--require", preload, path.join(repository, "bin", "run.js"), "main.ts"],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        USER: user,
        LOGNAME: user,
        TZ: user === "ada" ? "Asia/Tokyo" : "UTC",
        LANG: user === "ada" ? "tr_TR.UTF-8" : "C",
        IR_KIT_CONFIG: "landscape.yaml",
      },
    },
  );
  expect([result.status, result.stderr]).toEqual([
    0,
    expect.stringMatching(/^no deployed\.lock\.json: [^\n]+; run: npx ir-kit lock\n$/),
  ]);
  return contents(path.join(folder, "cdktf.out"));
}

describe("synthesis", () => {
  it("gives the same bytes on two paths, with different clocks, users, time zones and languages", () => {
    const folders = [
      mkdtempSync(path.join(tmpdir(), "ir-kit-a-")),
      mkdtempSync(path.join(tmpdir(), "ir-kit-another-place-")),
    ];
    try {
      const first = synthesizeIn(folders[0] ?? "", "ada", "1999-12-31T23:59:59Z");
      const second = synthesizeIn(folders[1] ?? "", "grace", "2038-01-19T03:14:08Z");
      expect(first.map(([name]) => name)).toContain(path.join("stacks", "trail", "cdk.tf.json"));
      expect(second).toEqual(first);
      for (const [, text] of first) expect(text).not.toContain(tmpdir());
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  }, 30_000);

  it("gives the same bytes whether or not stack traces are kept", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-traces-"));
    try {
      const texts = ["", "1"].map((traces) => {
        const out = path.join(folder, `out${traces}`);
        const { status } = spawnSync(process.execPath, [path.join(repository, "bin", "run.js"), "main.ts"], {
          cwd: repository,
          env: {
            ...process.env,
            CDKTF_OUTDIR: out,
            IR_KIT_CONFIG: "config/landscape.yaml",
            IR_KIT_STACK_TRACES: traces,
          },
        });
        expect(status).toBe(0);
        return contents(out);
      });
      expect(texts[1]).toEqual(texts[0]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 30_000);
});
