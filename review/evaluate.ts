import { Companions } from "./companions";
import type { Attributes, Graph, Resource, Value } from "./graph";
import { addTo } from "./lists";
import { type PolicyDocument, policiesOf } from "./policies";
import type { CompiledCheck, CompiledRule } from "./rules/compile";
import type { CompanionCheck, PolicyCheck, PresenceCheck, ResourceCheck, Rule } from "./rules/rule";
import { withReferred, withUnsaid } from "./rules/unsaid";

/**
 * - `pass` and `fail` hold whatever is not known yet turns out to be.
 * - `not-applicable`: the rule asks nothing of the resource.
 * - `cannot-tell`: it depends on what is known after apply only, or is not to be shown, or the rule broke.
 */
export type Verdict = "pass" | "fail" | "not-applicable" | "cannot-tell";

export interface Evaluation {
  readonly rule: Rule;
  /** Nothing where the deployment as a whole is judged. */
  readonly resource: Resource | undefined;
  readonly verdict: Verdict;
  /** What is wrong, or why it cannot be told. */
  readonly messages: readonly string[];
}

interface Finding {
  readonly verdict: Verdict;
  readonly message?: string;
}

const pass: Finding = { verdict: "pass" };

/** Judges by every rule each resource that it may concern, told as not applicable where it does not. */
export function evaluate(graph: Graph, rules: readonly CompiledRule[]): Evaluation[] {
  const deployment = new Deployment(graph);
  return rules.flatMap((rule) => evaluateRule(deployment, rule));
}

/** The graph with what rules look up again and again. */
class Deployment {
  readonly byType = new Map<string, Resource[]>();
  private byConfigured: Map<string, Resource> | undefined;
  private readonly companionsOf = new Map<CompiledCheck, Companions>();
  private readonly documents = new Map<Resource, PolicyDocument[]>();

  constructor(readonly graph: Graph) {
    for (const resource of graph.resources) addTo(this.byType, resource.type, resource);
  }

  ofTypes(types: readonly string[]): Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  companions(compiled: CompiledCheck): Companions {
    const { check, matches } = compiled;
    if (check.kind !== "companion") throw new Error(`a check of kind ${check.kind} has no companions`);
    const known =
      this.companionsOf.get(compiled) ??
      new Companions(this.ofTypes(check.companion.types), check.companion, matches, (configured) =>
        this.resourceOf(configured),
      );
    this.companionsOf.set(compiled, known);
    return known;
  }

  /** What a check is put to: the attributes, with what is not said and what is referred to as the check takes them. */
  attributes(resource: Resource, check: ResourceCheck | CompanionCheck): Attributes {
    const { unsaid } = check;
    const referring = "referring" in check ? check.referring : undefined;
    const said = unsaid ? withUnsaid(resource.attributes, unsaid) : resource.attributes;
    return Object.entries(referring ?? {}).reduce((result, [name, { to, is }]) => {
      const referred = resource.references.get(name) ?? [];
      const isMeant =
        referred.length > 0 && referred.every((id) => to.includes(this.resourceOf(id)?.type ?? ""));
      return isMeant ? withReferred(result, name, is as Value) : result;
    }, said);
  }

  private resourceOf(configured: string): Resource | undefined {
    this.byConfigured ??= new Map(this.graph.resources.map((resource) => [resource.configured, resource]));
    return this.byConfigured.get(configured);
  }

  policies(resource: Resource): PolicyDocument[] {
    const known = this.documents.get(resource) ?? policiesOf(resource);
    this.documents.set(resource, known);
    return known;
  }
}

function evaluateRule(deployment: Deployment, { rule, checks }: CompiledRule): Evaluation[] {
  const found = new Map<Resource | undefined, Finding[]>();
  for (const check of checks) {
    for (const resource of subjects(deployment, check)) {
      addTo(found, resource, ...guarded(() => findingsOf(deployment, check, resource)));
    }
  }
  return [...found].map(([resource, findings]) => ({ rule, resource, ...summed(findings) }));
}

function subjects(deployment: Deployment, { check }: CompiledCheck): readonly (Resource | undefined)[] {
  if (check.kind === "presence") return [undefined];
  if (check.kind === "policy") return deployment.graph.resources;
  return deployment.ofTypes(check.types);
}

/** A rule that breaks has not found that all is well. */
function guarded(work: () => Finding[]): Finding[] {
  try {
    return work();
  } catch (error) {
    return [{ verdict: "cannot-tell", message: `the rule itself failed: ${(error as Error).message}` }];
  }
}

const gravity: readonly Verdict[] = ["fail", "cannot-tell", "pass", "not-applicable"];

function summed(findings: readonly Finding[]): Pick<Evaluation, "verdict" | "messages"> {
  const verdict =
    gravity.find((each) => findings.some((finding) => finding.verdict === each)) ?? "not-applicable";
  const messages = findings.flatMap((finding) =>
    finding.verdict === verdict && finding.message !== undefined ? [finding.message] : [],
  );
  return { verdict, messages: [...new Set(messages)] };
}

function findingsOf(
  deployment: Deployment,
  compiled: CompiledCheck,
  resource: Resource | undefined,
): Finding[] {
  const { check } = compiled;
  if (check.kind === "presence") return presence(deployment, compiled, check);
  if (resource === undefined) return [];
  if (check.kind === "policy") return policy(deployment, compiled, check, resource);
  const attributes = deployment.attributes(resource, check);
  return applied(compiled, attributes, () =>
    check.kind === "companion"
      ? companion(deployment, compiled, check, resource, attributes)
      : clauses(compiled, attributes),
  );
}

/** What `work` finds where the check applies; where that is unknown, only what it would not find is certain. */
function applied({ when }: CompiledCheck, value: unknown, work: () => Finding[]): Finding[] {
  const applies = when(value);
  if (applies === "no") return [{ verdict: "not-applicable" }];
  const findings = work();
  if (applies === "yes") return findings;
  return findings.map((finding) =>
    finding.verdict === "fail"
      ? { verdict: "cannot-tell", message: `whether it applies cannot be told: ${finding.message}` }
      : finding,
  );
}

const clauses = ({ clauses: all }: CompiledCheck, value: unknown): Finding[] =>
  all.map(({ message, holds }): Finding => {
    const answer = holds(value);
    if (answer === "yes") return pass;
    return answer === "no"
      ? { verdict: "fail", message }
      : { verdict: "cannot-tell", message: `cannot be told: ${message}` };
  });

function policy(
  deployment: Deployment,
  compiled: CompiledCheck,
  { carriers }: PolicyCheck,
  resource: Resource,
): Finding[] {
  return deployment.policies(resource).flatMap(({ carrier, at, statements }) => {
    if (!carriers.includes(carrier)) return [];
    if (statements === undefined)
      return [{ verdict: "cannot-tell", message: `${at} cannot be read before apply` }];
    return statements.flatMap((statement, index) =>
      applied(compiled, statement, () => clauses(compiled, statement)).map(
        ({ verdict, message }): Finding => ({
          verdict,
          ...(message !== undefined && {
            message: `${at}, statement ${statement.Sid ?? index + 1}: ${message}`,
          }),
        }),
      ),
    );
  });
}

function presence(deployment: Deployment, { matches }: CompiledCheck, check: PresenceCheck): Finding[] {
  if (deployment.ofTypes(check.given).length === 0) return [{ verdict: "not-applicable" }];
  const answers = deployment.ofTypes(check.types).map(({ attributes }) => matches(attributes));
  if (answers.includes("yes")) return [pass];
  return answers.includes("unknown")
    ? [{ verdict: "cannot-tell", message: `cannot be told: ${check.missing}` }]
    : [{ verdict: "fail", message: check.missing }];
}

function companion(
  deployment: Deployment,
  compiled: CompiledCheck,
  { missing }: CompanionCheck,
  resource: Resource,
  attributes: Attributes,
): Finding[] {
  const links = deployment.companions(compiled).of(resource, attributes);
  const certain = links.filter(({ link, matches }) => link === "yes" && matches === "yes");
  if (certain.length > 0) {
    return [
      pass,
      ...certain.flatMap(({ other }) => [
        ...clauses(compiled, other.attributes),
        ...oneStatement(compiled, deployment.policies(other)),
      ]),
    ];
  }
  return links.length > 0
    ? [{ verdict: "cannot-tell", message: `cannot be told: ${missing}` }]
    : [{ verdict: "fail", message: missing }];
}

function oneStatement({ statement }: CompiledCheck, documents: readonly PolicyDocument[]): Finding[] {
  if (statement === undefined) return [];
  const answers = documents.flatMap(
    ({ statements }) => statements?.map(statement.holds) ?? ["unknown" as const],
  );
  if (answers.includes("yes")) return [pass];
  return answers.includes("unknown")
    ? [{ verdict: "cannot-tell", message: `cannot be told: ${statement.message}` }]
    : [{ verdict: "fail", message: statement.message }];
}
