import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { review } from "../../review";
import type { Evaluation } from "../../review/evaluate";
import { readWaivers } from "../../review/waiver-file";
import { type Waiver, waive } from "../../review/waivers";
import { repository } from "../support/repository";
import { compiledRule } from "./examples";

const { rule } = compiledRule("table-recoverable");

const failure = (address: string, verdict: Evaluation["verdict"] = "fail"): Evaluation => ({
  rule,
  verdict,
  messages: [],
  resource: {
    id: `sweep/${address}`,
    configured: `sweep/${address}`,
    stack: "sweep",
    address,
    type: "aws_dynamodb_table",
    construct: undefined,
    attributes: {},
    references: new Map(),
  },
});

const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  rule: rule.id,
  resource: "sweep/aws_dynamodb_table.records",
  reason: "made anew by every run of the sweep",
  owner: "security@example.com",
  expires: "2027-01-31",
  ...more,
});

const now = { today: "2026-12-01", stacks: ["sweep"] };

describe("a waiver", () => {
  it("covers the failure that it names, and no other", () => {
    const { evaluations, problems } = waive(
      [failure("aws_dynamodb_table.records"), failure("aws_dynamodb_table.cases")],
      [waiver()],
      now,
    );
    expect(evaluations.map((each) => each.waiver?.owner)).toEqual(["security@example.com", undefined]);
    expect(problems).toEqual([]);
  });

  it("takes nothing in its name for a pattern but the star, which ends where a word ends, and two, which end where the stack ends", () => {
    const covered = (resource: string, address: string) =>
      waive([failure(address)], [waiver({ resource })], now).evaluations[0]?.waiver !== undefined;
    expect(covered("sweep/aws_dynamodb_table.*", "aws_dynamodb_table.records")).toBe(true);
    expect(covered("*/aws_dynamodb_table.records", "aws_dynamodb_table.records")).toBe(true);
    expect(covered("*", "aws_dynamodb_table.records")).toBe(false);
    expect(covered("sweep/aws_dynamodb_table.*", "aws_dynamodb_table.a-b")).toBe(false);
    expect(covered("sweep/aws_dynamodb_table.**", "aws_dynamodb_table.a-b")).toBe(true);
    expect(covered("s**p/aws_dynamodb_table.a-b", "aws_dynamodb_table.a-b")).toBe(true);
    expect(covered("**", "aws_dynamodb_table.a-b")).toBe(false);
    expect(covered("sweep/aws_dynamodb_table_records", "aws_dynamodb_table.records")).toBe(false);
  });

  it("no longer holds once it has expired, and is a finding then", () => {
    const last = waive([failure("aws_dynamodb_table.records")], [waiver({ expires: now.today })], now);
    expect([last.evaluations[0]?.waiver, last.problems]).toEqual([expect.anything(), []]);
    const late = waive([failure("aws_dynamodb_table.records")], [waiver({ expires: "2026-11-30" })], now);
    expect(late.evaluations[0]?.waiver).toBeUndefined();
    expect(late.problems).toEqual([{ waiver: expect.anything(), problem: "expired on 2026-11-30" }]);
  });

  it("is a finding where it covers nothing that fails", () => {
    const { problems } = waive([failure("aws_dynamodb_table.records", "pass")], [waiver()], now);
    expect(problems).toMatchObject([{ problem: "covers nothing that fails" }]);
  });

  it("is none where its stack is not reviewed", () => {
    const { problems } = waive([], [waiver()], { ...now, stacks: ["trail"] });
    expect(problems).toEqual([]);
  });

  it("is a finding where it covers more than anybody has looked at", () => {
    const many = Array.from({ length: 11 }, (_, index) => failure(`aws_dynamodb_table.t${index}`));
    const { problems } = waive(many, [waiver({ resource: "sweep/aws_dynamodb_table.*" })], now);
    expect(problems).toMatchObject([{ problem: "covers 11 resources; 10 are the most" }]);
  });

  describe("in a file", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-waivers-"));
    afterAll(() => rmSync(directory, { recursive: true }));
    const load = (text: string) => {
      const file = path.join(directory, "waivers.yaml");
      writeFileSync(file, text);
      return readWaivers(file);
    };
    const fields = [
      "  - rule: table-recoverable",
      "    resource: sweep/aws_dynamodb_table.records",
      "    reason: made anew by every run of the sweep",
      "    owner: security@example.com",
      '    expires: "2027-01-31"',
    ];

    it("is read", () => {
      expect(load(["waivers:", ...fields].join("\n"))).toEqual([waiver()]);
    });

    it.each(["reason", "owner", "expires", "resource"])("is refused without %s", (field) => {
      const rest = fields.filter((line) => !line.includes(`${field}:`));
      expect(() => load(["waivers:", ...rest].join("\n"))).toThrow(field);
    });

    it("is refused for a rule that is not there, with the nearest", async () => {
      load(["waivers:", ...fields].join("\n").replace("recoverable", "recoverabel"));
      const stack = path.join(directory, "main.tf.json");
      writeFileSync(stack, "{}");
      const reviewed = review({
        synthesized: stack,
        ownRules: path.join(repository, "policies", "rules"),
        waivers: path.join(directory, "waivers.yaml"),
        today: now.today,
      });
      await expect(reviewed).rejects.toThrow('did you mean "table-recoverable"?');
    });

    it("is refused with a reason of a word, and a field that nobody knows", () => {
      expect(() => load(["waivers:", ...fields].join("\n").replace(/reason: .*/, "reason: ok"))).toThrow(
        "reason",
      );
      expect(() => load(["waivers:", ...fields, "    until: x"].join("\n"))).toThrow("until");
    });
  });
});
