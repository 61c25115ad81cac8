import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { unzipSync } from "fflate";
import { functionBundle } from "../../constructs/function-bundle";
import { fromLiteralJson } from "../../constructs/terraform-text";
import type { FunctionEnvironment } from "../../runtime/functions/environment";
import { steps } from "../../runtime/steps";
import type { StateMachine, Task } from "../../runtime/workflows/state-machine";
import { exampleLandscape, resourcesOf, synthesized } from "../support/landscapes";

const stack = synthesized(exampleLandscape()).stack("response");
const functions = resourcesOf(stack, "aws_lambda_function");
const nameOf = (resource: Record<string, unknown>) => String(resource.function_name);

const environmentOf = (resource: Record<string, unknown>): FunctionEnvironment =>
  fromLiteralJson((resource.environment as { variables: Record<string, string> }).variables.IR_KIT_FUNCTION);

describe("the response stack", () => {
  const [machine] = resourcesOf(stack, "aws_sfn_state_machine");
  const definition = fromLiteralJson<StateMachine>(machine?.definition);
  const called = Object.values(definition.States)
    .filter((state): state is Task => state.Type === "Task")
    .map(({ Parameters }) => String(Parameters.FunctionName));

  it("has a function for every step that the workflow calls, told which step it is, and the writer of cuts", () => {
    const arns = functions.map((one) => `arn:aws:lambda:eu-west-1:222222222222:function:${nameOf(one)}`);
    expect([...new Set(called)].sort()).toEqual(arns.filter((arn) => arn.includes("-step-")).sort());
    for (const one of functions.filter((candidate) => nameOf(candidate).includes("-step-"))) {
      const { step } = environmentOf(one);
      expect(nameOf(one)).toBe(`acme-ir-step-${step}`);
      expect(steps.map(({ id }) => id)).toContain(step);
    }
    expect(functions.map(nameOf)).toContain("acme-ir-cuts");
  });

  it("gives a function less time than the workflow gives its task, and the lock of cuts outlasts its holder", () => {
    for (const one of functions) expect(Number(one.timeout)).toBeLessThan(120);
    const cuts = functions.find((one) => nameOf(one) === "acme-ir-cuts");
    expect(Number(cuts?.timeout)).toBeLessThanOrEqual(30);
  });

  it("runs steps as one role of automation, the writer of cuts as another, and what tags as the one that may", () => {
    const roles = Object.fromEntries(functions.map((one) => [nameOf(one), String(one.role)]));
    const { "acme-ir-cuts": cuts, "acme-ir-tags": tags, ...others } = roles;
    expect(cuts).toBe("arn:aws:iam::222222222222:role/acme-ir/acme-ir-auto-cut");
    // Guardrails let it write the kit's tags.
    expect(tags).toBe("arn:aws:iam::222222222222:role/acme-ir/acme-ir-auto-triage");
    expect(new Set(Object.values(others))).toEqual(
      new Set(["arn:aws:iam::222222222222:role/acme-ir/acme-ir-auto-credentials"]),
    );
  });

  it("makes every log group first, encrypted and kept, and none can be made without the key", () => {
    const groups = stack.resource?.aws_cloudwatch_log_group ?? {};
    expect(Object.keys(groups)).toHaveLength(functions.length + 1);
    for (const group of Object.values(groups)) {
      expect(group).toMatchObject({
        retention_in_days: 365,
        kms_key_id: expect.stringMatching(/aws_kms_key/),
      });
    }
    for (const one of functions) {
      expect(one.logging_config).toMatchObject({
        log_group: expect.stringMatching(/aws_cloudwatch_log_group/),
      });
    }
  });

  it("logs which state was when, and not what went in and out", () => {
    expect(machine?.logging_configuration).toMatchObject({ level: "ALL", include_execution_data: false });
  });

  it("keeps ledgers encrypted under the key, restorable, and deleted by nobody", () => {
    const { stack: stackOf } = synthesized(exampleLandscape());
    expect(resourcesOf(stackOf("cases"), "aws_dynamodb_table")).toEqual([
      expect.objectContaining({
        name: "acme-ir-cases",
        deletion_protection_enabled: true,
        lifecycle: { prevent_destroy: true },
        point_in_time_recovery: { enabled: true },
        server_side_encryption: { enabled: true, kms_key_arn: expect.stringMatching(/aws_kms_key/) },
      }),
    ]);
  });

  it("keeps every execution that did not end well, and tells of it and of each function's errors", () => {
    const [rule] = resourcesOf(stack, "aws_cloudwatch_event_rule");
    expect(fromLiteralJson(rule?.event_pattern)).toMatchObject({
      detail: { status: ["ABORTED", "FAILED", "TIMED_OUT"] },
    });
    const alarms = resourcesOf(stack, "aws_cloudwatch_metric_alarm");
    expect(alarms.map(({ alarm_name }) => alarm_name).sort()).toEqual(
      ["acme-ir-failed-executions", ...functions.map((one) => `${nameOf(one)}-errors`)].sort(),
    );
    for (const { alarm_actions } of alarms) {
      expect(alarm_actions).toEqual(["arn:aws:sns:eu-west-1:222222222222:acme-ir-alarms"]);
    }
  });

  it("tells functions nothing that is secret", () => {
    for (const one of functions) {
      expect(JSON.stringify(one.environment)).not.toMatch(/secret|token|password|AKIA|ASIA/i);
    }
  });
});

describe("the archive of a function", () => {
  it.each(["runtime/functions/step.ts", "runtime/functions/cuts.ts"] as const)(
    "is the same at any time and in any place, and needs nothing but Node.js: %s",
    (entry) => {
      const bundle = functionBundle(entry);
      const archive = readFileSync(bundle.file);
      const files = unzipSync(archive);
      expect(Object.keys(files)).toEqual(["index.js"]);
      const code = Buffer.from(files["index.js"] ?? []).toString();
      expect(code).not.toContain(path.resolve("."));
      const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-function-"));
      try {
        writeFileSync(path.join(folder, "index.js"), code);
        const told = {
          ...environmentOf(functions[0] ?? {}),
          step: "identify-principal",
          cutPolicy: "p-a1b2c3d4e5",
        };
        const type = execFileSync(process.execPath, ["-p", "typeof require('./index.js').handler"], {
          cwd: folder,
          encoding: "utf8",
          env: { IR_KIT_FUNCTION: JSON.stringify(told) },
        });
        expect(type.trim()).toBe("function");
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      expect(archive.length).toBeLessThan(1_000_000);
    },
  );
});
