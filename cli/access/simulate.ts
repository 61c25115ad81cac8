import type { RunSimulationResults, Simulation } from "@cloud-copilot/iam-simulate";
import { WrongUse } from "../errors";

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
  readonly boundaries?: readonly unknown[];
  /** Policies of the principal's account, one list a level from the root down; without any, nothing is denied. */
  readonly serviceControlPolicies?: readonly (readonly unknown[])[];
  /** Policies of the resource's account, likewise. */
  readonly resourceControlPolicies?: readonly (readonly unknown[])[];
}

/**
 * `unmatched` is AWS's implicit deny. `cannot-tell` says why: the simulator ignores a context key that a policy asks
 * about, since the key does not belong to the action; what no policy asks about decides nothing.
 */
export type Verdict = "allowed" | "denied" | "unmatched" | "cannot-tell";

/** What decides, from the outside in. */
export const layers = ["service control", "resource control", "boundary", "resource", "identity"] as const;
export type Layer = (typeof layers)[number];

export interface Decision {
  readonly verdict: Verdict;
  /** Sids of the deciding statements, or the reason of a `cannot-tell`. */
  readonly because: readonly string[];
  /** Layers that would each stop the request alone; all of them, where it is not allowed. */
  readonly stoppedBy: readonly Layer[];
}

/**
 * What AWS would decide.
 *
 * @throws WrongUse where the simulator is not installed
 * @throws Error when the simulator refuses the question, such as for an action that does not exist
 */
export async function simulate(question: Question): Promise<Decision> {
  const simulation = simulationOf(question);
  const response = await simulator().runSimulation(simulation, {});
  if (response.resultType === "error") {
    throw new Error(
      `the simulator refuses ${question.action} on ${question.resource}: ${JSON.stringify(response.errors)}`,
    );
  }
  accept(question);
  if (response.resultType !== "single") return cannotTell(`the resource ${question.resource} is a pattern`);
  const decisive = (response.result.ignoredContextKeys ?? []).filter((key) => {
    const quoted = `"${key.toLowerCase()}"`;
    return Object.values(documentsOf(question))
      .flat()
      .some((policy) => prepared(policy).text.includes(quoted));
  });
  if (decisive.length > 0) return cannotTell(...decisive.map((key) => `the simulator ignores ${key}`));
  return decisionOf(response);
}

const cannotTell = (...because: string[]): Decision => ({ verdict: "cannot-tell", because, stoppedBy: [] });

function simulationOf(question: Question): Simulation {
  const levels = (place: Place, policies: Question["serviceControlPolicies"]) =>
    (policies ?? []).map((documents, level) => ({
      orgIdentifier: `level-${level}`,
      policies: documents.map((policy, index) => ({
        name: `policy-${index}`,
        policy: handed(policy, place),
      })),
    }));
  const named = (policies: readonly unknown[]) =>
    policies.map((policy, index) => ({ name: `policy-${index}`, policy: handed(policy, "identity") }));
  return {
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: knownResource(question.resource), accountId: question.account },
      contextVariables: Object.fromEntries(
        Object.entries(question.context ?? {}).map(([key, value]) => [knownKey(key), value]),
      ),
    },
    identityPolicies: named(question.identityPolicies ?? []),
    serviceControlPolicies: levels("service control", question.serviceControlPolicies),
    resourceControlPolicies: levels("resource control", question.resourceControlPolicies),
    ...(question.boundaries && { permissionBoundaryPolicies: named(question.boundaries) }),
    ...(question.resourcePolicy !== undefined && {
      resourcePolicy: handed(question.resourcePolicy, "resource"),
    }),
  };
}

type Single = Extract<RunSimulationResults, { resultType: "single" }>;

function decisionOf({ overallResult, result: { analysis } }: Single): Decision {
  const statements = (kind: "allowStatements" | "denyStatements") =>
    [
      ...(analysis.scpAnalysis?.ouAnalysis ?? []),
      ...(analysis.rcpAnalysis?.ouAnalysis ?? []),
      analysis.permissionBoundaryAnalysis,
      analysis.resourceAnalysis,
      analysis.identityAnalysis,
    ].flatMap((part) => (part?.[kind] ?? []).map(({ statement }) => sidOf(statement)));
  switch (overallResult) {
    case "Allowed": {
      const granting = [analysis.resourceAnalysis, analysis.identityAnalysis].flatMap((part) =>
        (part?.allowStatements ?? []).map(({ statement }) => sidOf(statement)),
      );
      return { verdict: "allowed", because: granting, stoppedBy: [] };
    }
    case "ExplicitlyDenied":
      return {
        verdict: "denied",
        because: [...new Set(statements("denyStatements"))],
        stoppedBy: stoppedBy(analysis),
      };
    default:
      return { verdict: "unmatched", because: [], stoppedBy: stoppedBy(analysis) };
  }
}

function stoppedBy(analysis: Single["result"]["analysis"]): Layer[] {
  const results: Record<Layer, string | undefined> = {
    "service control": analysis.scpAnalysis?.result,
    "resource control": analysis.rcpAnalysis?.result,
    boundary: analysis.permissionBoundaryAnalysis?.result,
    resource: analysis.resourceAnalysis?.result === "ExplicitlyDenied" ? "ExplicitlyDenied" : undefined,
    identity: analysis.identityAnalysis?.result,
  };
  return layers.filter((layer) => results[layer] !== undefined && results[layer] !== "Allowed");
}

/** The simulator's statements are objects of its own that turn into what was written only as JSON. */
const sidOf = (statement: unknown): string =>
  String((JSON.parse(JSON.stringify(statement)) as { Sid?: string }).Sid ?? "?");

type Simulator = typeof import("@cloud-copilot/iam-simulate");
let loaded: Simulator | undefined;

/** Copyleft (AGPL-3.0), and so an optional companion: in nothing that is deployed, and loaded only when asked. */
function simulator(): Simulator {
  try {
    loaded ??= require("@cloud-copilot/iam-simulate") as Simulator;
    return loaded;
  } catch {
    throw new WrongUse(
      "this command decides with @cloud-copilot/iam-simulate (AGPL-3.0), which is not installed. " +
        "Install it: npm install --no-save @cloud-copilot/iam-simulate",
    );
  }
}

/**
 * The simulator drops keys of the KMS encryption context, so that a condition on one never matches. They are texts
 * that the caller sends, as tags are, and are asked about under a tag's name; policies are translated alike.
 */
const knownKey = (key: string): string =>
  key.startsWith("kms:EncryptionContext:") ? `aws:PrincipalTag/${key.replaceAll(":", "-")}` : key;

/**
 * The simulator knows parameters of some account only; those that AWS publishes belong to none ("Calling AWS service,
 * Region, and AMI public parameters in Parameter Store"), and are asked about, in policies too, as those of one.
 */
const knownResource = (text: string): string =>
  text.replaceAll(/(arn:[a-z-]*:ssm:[^:"]*:)(:parameter\/aws\/)/g, "$1000000000000$2");

/** What a document is checked as; a boundary is checked as an identity's policy is. */
type Place = "identity" | "service control" | "resource control" | "resource";

interface Prepared {
  /** With keys and resources that the simulator knows. */
  readonly policy: unknown;
  /** The same as JSON, in lower case: what it asks about is found in it. */
  readonly text: string;
  /** As what the simulator has found it valid. */
  readonly accepted: Set<Place>;
}

/** By document, none of which changes once it was asked about: the same few stand in thousands of questions. */
const preparations = new WeakMap<object, Prepared>();

function prepared(policy: unknown): Prepared {
  if (typeof policy !== "object" || policy === null) return prepare(policy);
  const known = preparations.get(policy) ?? prepare(policy);
  preparations.set(policy, known);
  return known;
}

function prepare(policy: unknown): Prepared {
  const text = JSON.stringify(policy);
  const known = knownResource(text).replace(
    /"(kms:EncryptionContext:[^"]+)":/g,
    (_, key: string) => `"${knownKey(key)}":`,
  );
  return {
    policy: known === text ? policy : JSON.parse(known),
    text: known.toLowerCase(),
    accepted: new Set(),
  };
}

/**
 * A document for the simulator, which checks the syntax of each in every question, and that took a third of a decision:
 * what it has accepted once is handed over as what its own library calls a validated policy.
 */
function handed(document: unknown, place: Place): unknown {
  const { policy, accepted } = prepared(document);
  return accepted.has(place) ? { __validated: true, policyDocument: policy, errors: [] } : policy;
}

/** Keeps that the simulator has decided by these documents, and so has found each valid. */
function accept(question: Question): void {
  for (const [place, documents] of Object.entries(documentsOf(question)) as [Place, readonly unknown[]][])
    for (const document of documents) prepared(document).accepted.add(place);
}

/** Every document that a question is decided by. */
const documentsOf = (question: Question): Readonly<Record<Place, readonly unknown[]>> => ({
  identity: [...(question.identityPolicies ?? []), ...(question.boundaries ?? [])],
  "service control": (question.serviceControlPolicies ?? []).flat(),
  "resource control": (question.resourceControlPolicies ?? []).flat(),
  resource: question.resourcePolicy === undefined ? [] : [question.resourcePolicy],
});
