import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Report } from "../../review/report/model";
import { runInProcess } from "../support/run-in-process";

describe("ir-kit review", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-review-cli-"));
    writeFileSync(
      place("good.tf.json"),
      JSON.stringify({ resource: { aws_sqs_queue: { q: { kms_master_key_id: "alias/a" } } } }),
    );
    writeFileSync(
      place("bad.tf.json"),
      JSON.stringify({ resource: { aws_iam_access_key: { k: { user: "a" } } } }),
    );
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const place = (name: string) => path.join(directory, name);
  const irKit = (...args: string[]) => runInProcess(["review", ...args], { directory });

  it("exits with 0 where nothing fails, and says how much it has looked at", async () => {
    const { exitCode, stdout } = await irKit("good.tf.json");
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^1 resources, \d+ rules: 1 passed, 0 failed/),
    ]);
  });

  it("exits with 1 where something fails, naming rule, place and remedy", async () => {
    const { exitCode, stdout } = await irKit("bad.tf.json");
    expect(exitCode).toBe(1);
    for (const part of ["HIGH", "iam-no-user-keys", "bad/aws_iam_access_key.k", "Fix: Let people"]) {
      expect(stdout).toContain(part);
    }
  });

  it("fails on what it is told to, and asks what it is told to", async () => {
    const codes = async (...args: string[]) => (await irKit("bad.tf.json", ...args)).exitCode;
    expect(await codes("--fail-on", "critical")).toBe(0);
    expect(await codes("--fail-on", "none")).toBe(0);
    expect(await codes("--skip", "iam-no-user-keys")).toBe(0);
    expect(await codes("--severity", "critical")).toBe(0);
    expect(await codes("--only", "iam-no-user-keys", "--framework", "pci-dss-4")).toBe(1);
  });

  it("writes the report to a file, whole", async () => {
    const { exitCode, stdout } = await irKit(
      "bad.tf.json",
      "--format",
      "json",
      "--out",
      place("report.json"),
    );
    expect([exitCode, stdout]).toEqual([1, ""]);
    const report = JSON.parse(readFileSync(place("report.json"), "utf8")) as Report;
    expect(report.findings.map(({ rule, address }) => [rule, address])).toEqual([
      ["iam-no-user-keys", "aws_iam_access_key.k"],
    ]);
    expect(report.digests.bad).toMatch(/^[0-9a-f]{64}$/);
  });

  it("says whether what is to be applied is what was reviewed", async () => {
    await irKit("bad.tf.json", "--format", "json", "--out", place("report.json"));
    const verify = async (...args: string[]) => {
      const { exitCode, stdout } = await irKit(...args, "--verify", "report.json");
      return [exitCode, stdout.trim()];
    };
    expect(await verify("bad.tf.json")).toEqual([0, "1 stack, as it was reviewed"]);
    writeFileSync(place("bad.tf.json"), `${readFileSync(place("bad.tf.json"), "utf8")} `);
    expect(await verify("bad.tf.json")).toEqual([1, "bad changed since the review"]);
    expect(await verify("good.tf.json")).toEqual([
      1,
      "good was not reviewed\nbad was reviewed, and is not here",
    ]);
    const { exitCode, output } = await irKit("bad.tf.json", "--verify", "good.tf.json");
    expect([exitCode, output]).toEqual([2, expect.stringContaining("is no report of a review")]);
  });

  it("says what access has changed since an earlier stack or plan", async () => {
    const role = (action: string) => ({
      aws_iam_role_policy: {
        p: {
          role: "r",
          policy: JSON.stringify({ Statement: { Effect: "Allow", Action: action, Resource: "*" } }),
        },
      },
    });
    writeFileSync(place("old.tf.json"), JSON.stringify({ resource: role("s3:GetObject") }));
    writeFileSync(place("new.tf.json"), JSON.stringify({ resource: role("s3:PutObject") }));
    const since = (format: string) =>
      irKit("new.tf.json", "--since", "old.tf.json", "--format", format, "--fail-on", "none");
    const { stdout } = await since("terminal");
    expect(stdout).toContain("Access: 1 wider, 1 narrower, 0 cannot be told");
    expect(stdout).toContain("WIDER new/aws_iam_role_policy.p\n    is newly allowed s3:PutObject on *");
    expect(stdout).toContain("~ new/aws_iam_role_policy.p (policy)");
    expect((await since("markdown")).stdout).toContain("| wider | new/aws&#95;iam");
    const { changes } = JSON.parse((await since("json")).stdout) as Report;
    expect(changes?.access[0]).toMatchObject({ direction: "widened", actions: ["s3:PutObject"] });
    const { exitCode, output } = await irKit("new.tf.json", "--since", "gone.tf.json");
    expect([exitCode, output]).toEqual([2, expect.stringContaining("gone.tf.json is not there")]);
  });

  it("judges several plans at once", async () => {
    const plan = (name: string) => ({
      format_version: "1.2",
      resource_changes: [
        {
          address: `aws_iam_access_key.${name}`,
          mode: "managed",
          type: "aws_iam_access_key",
          change: { actions: ["create"], after: {} },
        },
      ],
    });
    for (const name of ["one", "two"]) writeFileSync(place(`${name}.json`), JSON.stringify(plan(name)));
    const { exitCode, stdout } = await irKit("--plan", "one.json", "--plan", "two.json");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("one/aws_iam_access_key.one");
    expect(stdout).toContain("two/aws_iam_access_key.two");
  });

  it("exits with 2 for what cannot be reviewed, and leaves no report", async () => {
    writeFileSync(place("broken.json"), '{"resource":');
    const { exitCode, output } = await irKit("broken.json", "--out", place("report.txt"));
    expect([exitCode, output]).toEqual([2, expect.stringContaining("broken.json is not JSON")]);
    expect(output).not.toContain("    at ");
    expect(existsSync(place("report.txt"))).toBe(false);
    expect((await irKit()).output).toContain("cdktf.out is not there; cdktf synth makes cdktf.out");
  });

  it("tells what was meant", async () => {
    const { exitCode, output } = await irKit("good.tf.json", "--skip", "kms-key-rotate");
    expect([exitCode, output]).toEqual([2, expect.stringContaining('did you mean "kms-key-rotates"?')]);
  });

  describe("with rules of one's own", () => {
    const rule = [
      "id: topic-has-owner",
      "title: Topics say whose they are",
      "severity: low",
      "why: Somebody has to know.",
      "source: https://example.com/tags",
      "fix: Tag it.",
      "controls: {}",
      "checks:",
      "  - kind: resource",
      "    types: [aws_sns_topic]",
      "    assert:",
      "      - message: it has no tag owner",
      "        schema: { required: [tags], properties: { tags: { required: [owner] } } }",
    ].join("\n");
    const withRule = (text: string) => {
      mkdirSync(place("rules"), { recursive: true });
      writeFileSync(place("rules/topic-has-owner.yaml"), text);
      writeFileSync(
        place("topic.tf.json"),
        JSON.stringify({ resource: { aws_sns_topic: { t: { kms_master_key_id: "alias/a" } } } }),
      );
      return irKit("topic.tf.json", "--rules", "rules");
    };

    it("judges by them too", async () => {
      const { exitCode, stdout } = await withRule(rule);
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining("it has no tag owner")]);
    });

    it.each([
      [
        "a field that no rule has",
        rule.replace("title:", "titel:"),
        /topic-has-owner\.yaml:\d+ .*"title"|"titel"/,
      ],
      [
        "a severity that is none",
        rule.replace("severity: low", "severity: minor"),
        /yaml:3 severity: is "minor"/,
      ],
      [
        "a keyword that has no certain answer",
        rule.replace("required: [owner]", "oneOf: [{}]"),
        /"oneOf" is none of the keywords/,
      ],
      [
        "another rule's name",
        rule.replace("id: topic", "id: queue"),
        /the file's name says "topic-has-owner"/,
      ],
      ["no YAML", "id: [", /topic-has-owner\.yaml: /],
      [
        "a pattern that is none",
        rule.replace("required: [owner]", 'patternProperties: { "(": {} }'),
        /topic-has-owner\.yaml.*pattern/,
      ],
      [
        "a pattern that could take for ever",
        rule.replace("required: [owner]", 'properties: { a: { pattern: "(?=a)b" } }'),
        /topic-has-owner\.yaml.*pattern/,
      ],
    ])("refuses %s, naming file and place", async (_name, text, message) => {
      const { exitCode, output } = await withRule(text);
      expect([exitCode, output]).toEqual([2, expect.stringMatching(message)]);
      expect(output).not.toContain("    at ");
    });

    it("asks a pattern in linear time, whatever the text", async () => {
      const slow = rule.replace("required: [owner]", 'properties: { a: { pattern: "^(a+)+$" } }');
      writeFileSync(place("unused"), "");
      mkdirSync(place("rules"), { recursive: true });
      writeFileSync(place("rules/topic-has-owner.yaml"), slow);
      writeFileSync(
        place("topic.tf.json"),
        JSON.stringify({
          resource: {
            aws_sns_topic: { t: { kms_master_key_id: "alias/a", tags: { a: `${"a".repeat(5000)}b` } } },
          },
        }),
      );
      const { exitCode } = await irKit("topic.tf.json", "--rules", "rules");
      expect(exitCode).toBe(1);
    }, 30_000);
  });
});
