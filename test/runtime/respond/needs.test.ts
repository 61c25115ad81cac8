import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { automations, tasks } from "../../../policies/tasks";
import { keepLedger, writeCuts } from "../../../policies/tasks/functions";
import type { Permission } from "../../../policies/tasks/task";
import { cutNeeds, ledgerNeeds, lockNeeds } from "../../../runtime/functions/needs";
import { steps } from "../../../runtime/steps";
import { closeAnalysis } from "../../../runtime/steps/close-analysis";
import { containmentNeeds, cutNeedsInHub, hubNeeds, workflowNeeds } from "../../../runtime/steps/needs";
import { openAnalysis } from "../../../runtime/steps/open-analysis";
import { preserveInstance } from "../../../runtime/steps/preserve-instance";
import { stepsOf, workflows } from "../../../stacks/workflows";
import { landscape } from "../../proofs/setting";
import { repository } from "../../support/repository";

const runtime = path.join(repository, "runtime");

const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(folder, file));

/** Packages whose name is not IAM's prefix. */
const servicePrefixes: Readonly<Record<string, string>> = {
  "auto-scaling": "autoscaling",
  "cloudwatch-logs": "logs",
  "elastic-load-balancing-v2": "elasticloadbalancing",
};

/** IAM actions of the SDK's commands that a file sends, by the client's package and the command's name. */
function actionsIn(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const imports = [...text.matchAll(/import \{([^}]+)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g)];
  return imports.flatMap(([, names = "", client = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type .*/, ""))
      .map((name) => /^paginate(\w+)$/.exec(name)?.[1] ?? /^(\w+)Command$/.exec(name)?.[1])
      .filter((name) => name !== undefined)
      // The API of Lambda and IAM have a name each for this one.
      .map((name) =>
        client === "lambda" && name === "Invoke"
          ? "lambda:InvokeFunction"
          : `${servicePrefixes[client] ?? client}:${name}`,
      ),
  );
}

/** The same of commands on documents of a table, whose package names no service. */
const tableActionsIn = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/new (Get|Put|Query|Delete)Command\(/g)].map(
    ([, verb]) => `dynamodb:${verb === "Query" ? verb : `${verb}Item`}`,
  );

const permittedBy = (permissions: readonly Permission[]): string[] => [
  ...new Set(permissions.filter(({ effect }) => effect !== "Deny").flatMap(({ actions }) => actions)),
];

const actionNames = (needs: readonly { readonly action: string }[]): string[] =>
  [...new Set(needs.map(({ action }) => action))].sort();

/** Files that a step's own file brings in, itself included. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, from = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    const base = path.resolve(path.dirname(file), from);
    const found = [`${base}.ts`, path.join(base, "index.ts")].find((one) => sources(runtime).includes(one));
    if (found !== undefined) closure(found, seen);
  }
  return seen;
}

/** No calls of their own: AWS asks for them where another call is made, or its own command line does. */
const asked = ["ec2:CreateTags", "iam:PassRole", "ssm:GetParameters"];

const recorded = JSON.parse(readFileSync(path.join(repository, "test", "proofs", "needed.json"), "utf8")) as {
  task: string;
  walkthrough: string;
  where: string;
  action: string;
}[];

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Sent by the code of custody, whichever step deposits. */
const ofCustody = ["lambda:InvokeFunction", "s3:PutObject"];

describe("what the steps need", () => {
  const needed = actionNames([...containmentNeeds, ...hubNeeds, ...cutNeedsInHub]);

  it("is every command that their code sends, and nothing else", () => {
    const sent = [
      ...sources(path.join(runtime, "steps")),
      ...sources(path.join(runtime, "changes")),
      ...sources(path.join(runtime, "shared")),
      path.join(runtime, "cuts", "invoke.ts"),
    ].flatMap(actionsIn);
    const ofMachines = actionNames([
      ...preserveInstance.needs,
      ...openAnalysis.needs,
      ...closeAnalysis.needs,
    ]).filter((action) => !asked.includes(action) && !ofCustody.includes(action));
    expect([...new Set(sent)].sort()).toEqual([...new Set([...needed, ...ofMachines])].sort());
  });

  it.each([
    ["in a member, where a machine is preserved", [preserveInstance], "inMember", "555555555555"],
    [
      "in the forensics account, where what was preserved is opened and closed",
      [openAnalysis, closeAnalysis],
      "inForensics",
      "444444444444",
    ],
  ] as const)("is what the task evidence may do %s", (_, ofTask, where, account) => {
    const permitted = permittedBy(tasks.evidence[where]?.({ landscape, account }) ?? []);
    const used = recorded
      .filter(({ task, where: place }) => task === "evidence" && `in${capital(place)}` === where)
      .map(({ action }) => action);
    for (const action of actionNames(ofTask.flatMap(({ needs }) => needs))) {
      expect(permitted).toContain(action);
      expect(used).toContain(action);
    }
  });

  it.each(steps.map((step) => [step.id, step] as const))(
    "is told by each step for itself: %s",
    (id, step) => {
      const sent = [...closure(path.join(runtime, "steps", id, "index.ts"))].flatMap(actionsIn);
      const told = step.needs.map(({ action }) => action);
      const inHub = id === "identify-principal" ? hubNeeds.map(({ action }) => action) : [];
      // What a step shares with others, such as the way of reading calls, it may bring in without using all of it.
      for (const action of told) expect(sent).toContain(action);
      const own = actionsIn(path.join(runtime, "steps", id, "index.ts"));
      for (const action of own) expect([...told, ...inHub]).toContain(action);
      expect(told.length).toBe(new Set(told).size);
      for (const { because } of step.needs) expect(because.length).toBeGreaterThan(10);
    },
  );

  it("was used, all of it, by a responder's session on the emulator, and the role permits it", () => {
    const used = new Set(recorded.filter(({ task }) => task === "credentials").map(({ action }) => action));
    for (const action of needed) expect([...used]).toContain(action);
    const place = { landscape, account: "555555555555" };
    const permitted = [...tasks.credentials.inMember(place), ...(tasks.credentials.inHub?.(place) ?? [])]
      .filter(({ effect }) => effect !== "Deny")
      .flatMap(({ actions }) => actions);
    for (const action of needed) expect(permitted).toContain(action);
    // What the role may do beside: passwords, and secrets that were read.
    const beside = permitted.filter((action) => !needed.includes(action));
    expect(beside.sort()).toEqual([
      "iam:DeleteLoginProfile",
      "secretsmanager:DescribeSecret",
      "secretsmanager:ListSecrets",
      "secretsmanager:RotateSecret",
    ]);
  });

  describe("in functions", () => {
    const place = { landscape, account: "555555555555" };
    const file = (name: string) => path.join(runtime, name);

    it("is what the steps of the workflow need, and automation's role permits that and nothing else", () => {
      const ids = stepsOf(workflows(landscape));
      const ofSteps = steps.filter(({ id }) => ids.includes(id)).flatMap(({ needs }) => needs);
      expect(actionNames(workflowNeeds)).toEqual(actionNames(ofSteps));
      expect(permittedBy(automations["auto-credentials"].inMember(place)).sort()).toEqual(
        actionNames(ofSteps),
      );
    });

    it("is every command that the ledger's and the lock's code sends to the table", () => {
      expect([...new Set(tableActionsIn(file("functions/table-ledger.ts")))].sort()).toEqual(
        actionNames(ledgerNeeds),
      );
      expect([...new Set(tableActionsIn(file("functions/lock.ts")))].sort()).toEqual(actionNames(lockNeeds));
      expect(actionsIn(file("cuts/writer.ts")).sort()).toEqual(actionNames(cutNeeds));
      expect(actionsIn(file("functions/enter.ts"))).toEqual(["sts:AssumeRole"]);
    });

    it("is permitted in the hub, beside the key of the table and the function's own log, and nothing else", () => {
      const keyAndLog = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"];
      const log = ["logs:CreateLogStream", "logs:PutLogEvents"];
      expect(permittedBy(keepLedger(place)).sort()).toEqual(
        [...actionNames(ledgerNeeds), ...keyAndLog].sort(),
      );
      expect(permittedBy(writeCuts(place)).sort()).toEqual(
        [...actionNames([...cutNeeds, ...lockNeeds]), ...keyAndLog, ...log].sort(),
      );
      expect(permittedBy(automations["auto-credentials"].inHub?.(place) ?? []).sort()).toEqual(
        [...actionNames([...hubNeeds, ...ledgerNeeds]), ...keyAndLog, ...log].sort(),
      );
    });
  });
});
