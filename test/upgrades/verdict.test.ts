import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Accepted } from "./accepted";
import { keptVersions, type Release, readRelease, writeRelease } from "./fixture";
import { type Loss, stacksLeftBehind } from "./losses";
import { unfitForKeeping } from "./unfit";
import { explain, verdictOn } from "./verdict";

const loss: Loss = {
  stack: "log-archive",
  address: "aws_s3_bucket.flow-logs",
  type: "aws_s3_bucket",
  kind: "destroyed",
  because: "…",
};
const entry: Accepted = { kind: "destroyed", because: "it is empty" };

describe("a verdict on what an upgrade loses", () => {
  it("refuses whatever no entry accepts", () => {
    expect(verdictOn("0.1.0", [loss], []).refused).toEqual([loss]);
  });

  it.each<[string, Accepted, boolean]>([
    ["its kind", entry, true],
    ["another kind", { ...entry, kind: "replaced" }, false],
    ["its type", { ...entry, type: "aws_s3_bucket" }, true],
    ["another type", { ...entry, type: "aws_kms_key" }, false],
    ["its release", { ...entry, from: ["0.1.0"] }, true],
    ["another release", { ...entry, from: ["0.2.0"] }, false],
    ["its address, whole", { ...entry, address: /aws_s3_bucket\.flow-logs/ }, true],
    ["a part of its address", { ...entry, address: /aws_s3_bucket/ }, false],
    ["one of two ends of its address", { ...entry, address: /aws_s3_bucket|flow-logs/ }, false],
    ["its stack", { ...entry, stack: /log-.+/ }, true],
    ["a part of its stack", { ...entry, stack: /log/ }, false],
  ])("takes an entry of %s at its word", (_, one, taken) => {
    expect(verdictOn("0.1.0", [loss], [one]).refused).toEqual(taken ? [] : [loss]);
  });

  it("tells of an entry for the release that no loss needs", () => {
    const [needed, idle] = [
      { ...entry, from: ["0.1.0"] },
      { ...entry, from: ["0.1.0"], type: "aws_sqs_queue" },
    ];
    expect(verdictOn("0.1.0", [loss], [needed, idle]).unused).toEqual([idle]);
    expect(verdictOn("0.2.0", [], [needed]).unused).toEqual([]);
  });

  it("says of a stack that is gone what may be done", () => {
    const [gone, ...more] = stacksLeftBehind(["cases", "trail"], ["trail", "new"]);
    expect(more).toEqual([]);
    expect(explain("0.1.0", gone ? [gone] : [])).toMatch(/cases: .+ left behind[\s\S]+state file/);
  });
});

describe("a kept release", () => {
  const release: Release = {
    version: "0.10.0",
    landscape: "organization: {}\n",
    stacks: { b: '{"x":1}', a: "{}" },
    states: { a: '{"resources":[]}' },
  };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "ir-kit-releases-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is read as it was written, and the newest comes last", () => {
    for (const version of ["0.10.0", "0.9.1"]) writeRelease({ ...release, version }, folder);
    expect(readRelease("0.10.0", folder)).toEqual(release);
    expect(keptVersions(folder)).toEqual(["0.9.1", "0.10.0"]);
  });

  it("must be there: nothing to compare with is an error", () => {
    expect(() => keptVersions(folder)).toThrow(/keeps no release; record one: npm run release:record/);
    expect(() => readRelease("1.0.0", folder)).toThrow(/landscape\.yaml is missing/);
    expect(keptVersions()).toContain("0.1.0");
  });

  it.each([
    ["a private key", '{"x":"-----BEGIN RSA PRIVATE KEY-----"}'],
    ["a password", '{"master_password":"hunter2"}'],
    ["a path", '{"filename":"/home/somebody/kit/assets/x.zip"}'],
  ])("is not written with %s in it", (_, state) => {
    expect(unfitForKeeping({ ...release, states: { a: state } })).toHaveLength(1);
  });

  it.each(keptVersions())(
    "%s holds no secret and no path of a machine, and a state for each stack",
    (version) => {
      const kept = readRelease(version);
      expect(unfitForKeeping(kept)).toEqual([]);
      expect(Object.keys(kept.states)).toEqual(Object.keys(kept.stacks));
    },
  );
});
