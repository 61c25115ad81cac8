import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { attack, bucket, key, lookUps, sessionKey } from "../questions/attack";
import { writeCloudTrail, writeDnsQueries } from "../questions/log-files";
import { repository } from "../support/repository";
import { runInProcess } from "../support/run-in-process";

const query = (...args: string[]) => runInProcess(["query", ...args], { directory: repository });

describe("ir-kit query", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-query-"));
    writeCloudTrail(
      directory,
      attack.map(({ record }) => record),
    );
    writeDnsQueries(directory, lookUps);
    mkdirSync(path.join(directory, "empty"));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("lists every question with its parameters, for people and for scripts", async () => {
    const table = await query("--list");
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain("what-key-did");
    expect(table.stdout).toMatch(/\d\d questions/);
    const json = JSON.parse((await query("--list", "--json")).stdout) as {
      id: string;
      parameters: unknown[];
    }[];
    expect(json.length).toBeGreaterThanOrEqual(25);
    expect(json.find(({ id }) => id === "denied-calls")?.parameters).toEqual([
      { name: "least", about: "fewest distinct calls denied", meaning: "a whole number", otherwise: "10" },
    ]);
  });

  it("shows the SQL of a question and asks nothing", async () => {
    const { exitCode, stdout } = await query("who-assumed-role", "--show");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("account = '<account>'");
  });

  it("answers from copied files, as a table and as JSON", async () => {
    const table = await query("objects-read", "--param", `bucket=${bucket}`, "--local", directory);
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain(sessionKey);
    expect(table.stdout).toContain("6000000");
    const json = await query("what-key-did", "--param", `key=${key}`, "--local", directory, "--json");
    expect(JSON.parse(json.stdout)).toHaveLength(
      attack.filter(({ record }) => record.userIdentity.accessKeyId === key).length,
    );
  });

  it("looks back from the end of what was copied, as far as it is told", async () => {
    const asked = async (...more: string[]) =>
      JSON.parse((await query("secrets-read", "--local", directory, "--json", ...more)).stdout) as unknown[];
    expect(await asked()).toHaveLength(2);
    expect(await asked("--to", "2026-11-14")).toEqual([]);
    expect(await asked("--from", "2026-11-15T03:00:00Z", "--to", "2026-11-15")).toHaveLength(2);
    expect(await asked("--account", "666666666666")).toEqual([]);
  });

  it("says so where nothing is found", async () => {
    const { exitCode, stdout } = await query("names-blocked", "--local", directory, "--to", "2026-11-14");
    expect([exitCode, stdout.trim()]).toEqual([0, "nothing found"]);
  });

  it.each([
    ["no question", [], ["which question?", "--list"]],
    [
      "a question that there is not",
      ["what-key-dit"],
      ['no question "what-key-dit"', "did you mean what-key-did?"],
    ],
    [
      "a parameter left out",
      ["what-key-did", "--local", "."],
      ["parameter key is missing", "access key's id"],
    ],
    [
      "a value of the wrong form",
      ["what-key-did", "--param", "key=AKIA'--"],
      ["AKIA'--", "is not an access key's id"],
    ],
    [
      "a parameter that there is not",
      ["what-key-did", "--param", "kee=x"],
      ["has no parameter kee; it has key"],
    ],
    ["no value", ["what-key-did", "--param", "key"], ['"key" is not of the form name=value']],
    [
      "a parameter twice",
      ["what-key-did", "--param", "key=A", "--param", "key=B"],
      ["--param key is given twice"],
    ],
    ["no time", ["what-root-did", "--from", "yesterday"], ['--from: "yesterday" is no time', "2026-11-25"]],
    ["a day that there is not", ["what-root-did", "--from", "2026-02-31"], ['"2026-02-31" is no time']],
    [
      "a time that ends first",
      ["what-root-did", "--from", "2026-11-02", "--to", "2026-11-01T00:00:00Z"],
      ["is not before"],
    ],
    ["two beginnings", ["what-root-did", "--from", "2026-11-02", "--days", "3"], ["give one of them"]],
    ["no number of days", ["what-root-did", "--days", "0"], ['--days: "0"', "from 1 to 9999"]],
    [
      "a folder that there is not",
      ["what-root-did", "--local", "/nowhere"],
      ["/nowhere: there is no such folder"],
    ],
    [
      "an account of which there are no logs",
      ["what-root-did", "--account", "999999999999"],
      ["--account 999999999999: there are no such logs"],
    ],
    ["a sum that is none", ["what-root-did", "--max-cost", "cheap"], ['"cheap" is not a sum of dollars']],
  ] as const)("refuses %s", async (_, args, says) => {
    const local =
      args.includes("--local" as never) || args.includes("--max-cost" as never) ? [] : ["--local", directory];
    const { exitCode, output, stdout } = await query(
      ...args.map((arg) => (arg === "." ? directory : arg)),
      ...local,
    );
    expect([exitCode, stdout]).toEqual([2, ""]);
    for (const text of says) expect(output).toContain(text);
    expect(output).not.toMatch(/\n {4}at /);
  });

  it("names the folders that it looked for where there are none", async () => {
    const { exitCode, output } = await query("what-root-did", "--local", path.join(directory, "empty"));
    expect(exitCode).toBe(2);
    expect(output).toContain("AWSLogs/<organization>/<account>/CloudTrail/");
    const other = await query("most-bytes-out", "--local", directory);
    expect(other.output).toContain("there are logs of cloudtrail and dns_queries");
  });
});
