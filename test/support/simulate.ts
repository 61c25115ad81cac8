import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";

/** A question to the policy simulator, with only what it depends on. */
export interface Question {
  /** ARN of the principal, or a service such as `cloudtrail.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource. */
  readonly account: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  readonly resourcePolicy?: unknown;
  readonly identityPolicies?: readonly unknown[];
  readonly serviceControlPolicies?: Simulation["serviceControlPolicies"];
}

/**
 * `unmatched` is AWS's implicit deny. `cannot-tell` says why: the simulator ignores a context key that a policy asks
 * about, since the key does not belong to the action; what no policy asks about decides nothing.
 */
export type Verdict = "allowed" | "denied" | "unmatched" | "cannot-tell";

export interface Decision {
  readonly verdict: Verdict;
  /** Sids of the deciding statements, or the reason of a `cannot-tell`. */
  readonly because: readonly string[];
}

/**
 * What AWS would decide.
 *
 * @throws when the simulator refuses the question, such as for an action that does not exist
 */
export async function simulate(question: Question): Promise<Decision> {
  const simulation: Simulation = {
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: Object.fromEntries(
        Object.entries(question.context ?? {}).map(([key, value]) => [knownKey(key), value]),
      ),
    },
    identityPolicies: (question.identityPolicies ?? []).map((policy, index) => ({
      name: `identity-${index}`,
      policy: withKnownKeys(policy),
    })),
    serviceControlPolicies: question.serviceControlPolicies ?? [],
    resourceControlPolicies: [],
    ...(question.resourcePolicy !== undefined && { resourcePolicy: withKnownKeys(question.resourcePolicy) }),
  };
  const response = await runSimulation(simulation, {});
  if (response.resultType === "error") {
    throw new Error(
      `the simulator refuses ${question.action} on ${question.resource}: ${JSON.stringify(response.errors)}`,
    );
  }
  if (response.resultType !== "single") {
    return { verdict: "cannot-tell", because: [`the resource ${question.resource} is a pattern`] };
  }
  const { analysis, ignoredContextKeys = [] } = response.result;
  const policies = JSON.stringify([
    simulation.identityPolicies,
    simulation.resourcePolicy,
    question.serviceControlPolicies,
  ]);
  const decisive = ignoredContextKeys.filter((key) =>
    policies.toLowerCase().includes(`"${key.toLowerCase()}"`),
  );
  if (decisive.length > 0) {
    return { verdict: "cannot-tell", because: decisive.map((key) => `the simulator ignores ${key}`) };
  }
  const parts = [analysis?.resourceAnalysis, analysis?.identityAnalysis];
  const sids = (kind: "allowStatements" | "denyStatements") =>
    parts.flatMap((part) => (part?.[kind] ?? []).map(({ statement }) => sidOf(statement)));
  switch (response.overallResult) {
    case "Allowed":
      return { verdict: "allowed", because: sids("allowStatements") };
    case "ExplicitlyDenied":
      return { verdict: "denied", because: sids("denyStatements") };
    default:
      return { verdict: "unmatched", because: [] };
  }
}

/** The simulator's statements are objects of its own that turn into what was written only as JSON. */
const sidOf = (statement: unknown): string =>
  String((JSON.parse(JSON.stringify(statement)) as { Sid?: string }).Sid ?? "?");

/**
 * The simulator drops keys of the KMS encryption context, so that a condition on one never matches. They are texts
 * that the caller sends, as tags are, and are asked about under a tag's name; policies are translated alike.
 */
const knownKey = (key: string): string =>
  key.startsWith("kms:EncryptionContext:") ? `aws:PrincipalTag/${key.replaceAll(":", "-")}` : key;

function withKnownKeys(policy: unknown): unknown {
  return JSON.parse(
    JSON.stringify(policy).replace(
      /"(kms:EncryptionContext:[^"]+)":/g,
      (_, key: string) => `"${knownKey(key)}":`,
    ),
  );
}
