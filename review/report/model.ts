import type { Changes } from "../change/model";
import type { Verdict } from "../evaluate";
import type { Review } from "../index";
import { addTo } from "../lists";
import { type Framework, frameworks, type Severity, severities } from "../rules/terms";
import { printable } from "./printable";

/** Everything that a report says, whatever its format: plain data without a value of any resource. */
export interface Report {
  readonly version: 1;
  readonly source: "synthesized" | "plan" | "state";
  /** SHA-256 of each stack's file, as hexadecimal digits. */
  readonly digests: Readonly<Record<string, string>>;
  readonly summary: Summary;
  /** What fails or cannot be told, gravest first. */
  readonly findings: readonly Finding[];
  readonly waivers: readonly WaiverProblem[];
  readonly frameworks: readonly FrameworkCoverage[];
  readonly stacks: readonly StackSummary[];
  /** What was asked and of which resources it holds: the evidence that an auditor asks for. */
  readonly rules: readonly RuleResult[];
  /** Where an earlier state was given to compare with. */
  readonly changes?: Changes;
}

export interface Summary {
  readonly resources: number;
  readonly rules: number;
  readonly passed: number;
  /** Failures that no waiver covers. */
  readonly failed: number;
  readonly waived: number;
  readonly cannotTell: number;
  readonly notApplicable: number;
}

export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: "fail" | "cannot-tell";
  /** Nothing where the deployment as a whole is meant. */
  readonly stack: string | undefined;
  readonly address: string | undefined;
  readonly construct: string | undefined;
  /** Where the construct is made in its author's code, where the synthesis has recorded that. */
  readonly writtenAt?: { readonly file: string; readonly line: number };
  readonly messages: readonly string[];
  readonly why: string;
  readonly source: string;
  readonly fix: string;
  readonly controls: Readonly<Partial<Record<Framework, readonly string[]>>>;
  readonly waiver: { readonly reason: string; readonly owner: string; readonly expires: string } | undefined;
}

export interface StackSummary {
  readonly name: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly resources: number;
  /** Failures that no waiver covers, by severity. */
  readonly failed: Readonly<Record<Severity, number>>;
  readonly waived: number;
  readonly cannotTell: number;
}

export interface RuleResult {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly source: string;
  readonly fix: string;
  readonly controls: Readonly<Partial<Record<Framework, readonly string[]>>>;
  /** Where it holds: `<stack>/<address>`, or the deployment. */
  readonly passed: readonly string[];
}

export interface WaiverProblem {
  readonly rule: string;
  readonly resource: string;
  readonly problem: string;
}

export interface FrameworkCoverage {
  readonly id: Framework;
  readonly name: string;
  readonly controls: readonly ControlResult[];
  /** Clauses of the framework that no rule serves. */
  readonly unserved: readonly string[];
}

export interface ControlResult {
  readonly control: string;
  readonly rules: readonly string[];
  readonly passed: number;
  readonly failed: number;
  readonly cannotTell: number;
}

const printableOrNone = (text: string | undefined) => (text === undefined ? undefined : printable(text));

export function reportOf({ graph, rules, evaluations, problems, changes, unserved }: Review): Report {
  const count = (verdict: Verdict) => evaluations.filter((each) => each.verdict === verdict).length;
  const waived = evaluations.filter(({ waiver }) => waiver !== undefined).length;
  const findings = evaluations.flatMap(({ rule, resource, verdict, messages, waiver }): Finding[] =>
    verdict !== "fail" && verdict !== "cannot-tell"
      ? []
      : [
          {
            rule: rule.id,
            title: rule.title,
            severity: rule.severity,
            verdict,
            stack: printableOrNone(resource?.stack),
            address: printableOrNone(resource?.address),
            construct: printableOrNone(resource?.construct),
            ...(resource?.writtenAt && {
              writtenAt: { ...resource.writtenAt, file: printable(resource.writtenAt.file) },
            }),
            messages: messages.map(printable),
            why: rule.why,
            source: rule.source,
            fix: rule.fix,
            controls: rule.controls,
            waiver: waiver && { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires },
          },
        ],
  );
  const sorted = findings.sort(byGravity);
  return {
    version: 1,
    source: graph.source,
    digests: Object.fromEntries(
      Object.entries(graph.digests).map(([stack, digest]) => [printable(stack), digest]),
    ),
    summary: {
      resources: graph.resources.length,
      rules: rules.length,
      passed: count("pass"),
      failed: count("fail") - waived,
      waived,
      cannotTell: count("cannot-tell"),
      notApplicable: count("not-applicable"),
    },
    findings: sorted,
    waivers: problems.map(({ waiver: { rule, resource }, problem }) => ({
      rule,
      resource: printable(resource),
      problem,
    })),
    frameworks: coverageOf(rules, evaluations, unserved),
    stacks: stacksOf(graph, sorted),
    rules: resultsOf(rules, evaluations),
    ...(changes && { changes: withPrintable(changes) }),
  };
}

function stacksOf(
  { digests, places = {}, resources }: Review["graph"],
  findings: readonly Finding[],
): StackSummary[] {
  const sizes = new Map<string, number>();
  for (const { stack } of resources) sizes.set(stack, (sizes.get(stack) ?? 0) + 1);
  return Object.keys(digests).map((stack) => {
    const name = printable(stack);
    const here = findings.filter((finding) => finding.stack === name);
    const failed = (severity: Severity) =>
      here.filter((finding) => isOpen(finding) && finding.severity === severity).length;
    return {
      name,
      account: places[stack]?.account,
      region: places[stack]?.region,
      resources: sizes.get(stack) ?? 0,
      failed: Object.fromEntries(severities.map((severity) => [severity, failed(severity)])) as Record<
        Severity,
        number
      >,
      waived: here.filter(({ waiver }) => waiver).length,
      cannotTell: here.filter(({ verdict }) => verdict === "cannot-tell").length,
    };
  });
}

function resultsOf(rules: Review["rules"], evaluations: Review["evaluations"]): RuleResult[] {
  const passed = new Map<string, string[]>();
  for (const { rule, resource, verdict } of evaluations) {
    if (verdict === "pass") addTo(passed, rule.id, resource ? printable(resource.id) : "the deployment");
  }
  return rules.map(({ id, title, severity, why, source, fix, controls }) => ({
    id,
    title,
    severity,
    why,
    source,
    fix,
    controls,
    passed: passed.get(id) ?? [],
  }));
}

/** Names and policies come from whoever wrote what is reviewed. */
const withPrintable = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value, (_, item: unknown) => (typeof item === "string" ? printable(item) : item)),
  );

const byGravity = (a: Finding, b: Finding): number => (rankOf(a) < rankOf(b) ? -1 : 1);

const rankOf = (finding: Finding): string => {
  const { verdict, severity, waiver, rule, stack = "", address = "" } = finding;
  const order = [
    waiver ? 1 : 0,
    verdict === "fail" ? 0 : 1,
    severities.indexOf(severity),
    rule,
    stack,
    address,
  ];
  return order.join("\u0000");
};

type Tally = Pick<ControlResult, "passed" | "failed" | "cannotTell">;

function coverageOf(
  rules: Review["rules"],
  evaluations: Review["evaluations"],
  unserved: Review["unserved"],
): FrameworkCoverage[] {
  const tallies = talliesByRule(evaluations);
  return Object.entries(frameworks).map(([key, name]) => {
    const id = key as Framework;
    const controls = [...new Set(rules.flatMap((rule) => rule.controls[id] ?? []))].sort(inOrder);
    return {
      id,
      name,
      unserved: unserved[id],
      controls: controls.map((control) => {
        const serving = rules.filter((rule) => rule.controls[id]?.includes(control)).map((rule) => rule.id);
        const sum = (what: keyof Tally) =>
          serving.reduce((total, rule) => total + (tallies.get(rule)?.[what] ?? 0), 0);
        return {
          control,
          rules: serving,
          passed: sum("passed"),
          failed: sum("failed"),
          cannotTell: sum("cannotTell"),
        };
      }),
    };
  });
}

const counted: Readonly<Partial<Record<Verdict, keyof Tally>>> = {
  pass: "passed",
  fail: "failed",
  "cannot-tell": "cannotTell",
};

function talliesByRule(evaluations: Review["evaluations"]): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Record<keyof Tally, number>>();
  for (const { rule, verdict, waiver } of evaluations) {
    const what = counted[verdict];
    if (what === undefined || waiver !== undefined) continue;
    const tally = tallies.get(rule.id) ?? { passed: 0, failed: 0, cannotTell: 0 };
    tally[what] += 1;
    tallies.set(rule.id, tally);
  }
  return tallies;
}

/** `2.2.1` before `2.10`. */
const inOrder = new Intl.Collator("en", { numeric: true }).compare;

/** Whether a finding is something to act on: a failure that no waiver covers. */
export const isOpen = ({ verdict, waiver }: Finding): boolean => verdict === "fail" && waiver === undefined;

/** Whether a report holds something to act on at a severity or above, or a waiver that no longer holds. */
export const isRed = ({ findings, waivers }: Report, least: Severity): boolean =>
  waivers.length > 0 ||
  findings.some(
    (finding) => isOpen(finding) && severities.indexOf(finding.severity) <= severities.indexOf(least),
  );

/** Where a finding is: the stack and the address, or the deployment. */
export const placeOf = ({ stack, address }: Finding): string =>
  stack === undefined ? "the deployment" : `${stack}/${address}`;
