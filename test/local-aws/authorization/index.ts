import type { Caller } from "../accounts";
import type { FrontContext } from "../front";
import type { AwsCall } from "../protocol";
import { type Refusal, refused } from "../refusals/refusal";
import { standingOf } from "../standing";
import { actionPattern, allowsWhatever } from "./blanket";
import { ec2Requests } from "./ec2";
import { iamRequests } from "./iam";
import { unasked } from "./reference";
import { type IamRequest, type RequestsOf, request } from "./request";
import { s3Requests } from "./s3";
import {
  athenaRequests,
  autoScalingRequests,
  cloudtrailRequests,
  dynamodbRequests,
  eventsRequests,
  glueRequests,
  kmsRequests,
  loadBalancingRequests,
  logsRequests,
  metricsRequests,
  rdsRequests,
  resolverRequests,
  restRequests,
  secretsRequests,
  snsRequests,
  ssmRequests,
} from "./services";
import { type Judged, verdictOf } from "./verdict";

export type { IamRequest } from "./request";

const services: Readonly<Record<string, RequestsOf>> = {
  "access-analyzer": restRequests,
  athena: athenaRequests,
  autoscaling: autoScalingRequests,
  backup: restRequests,
  cloudtrail: cloudtrailRequests,
  dynamodb: dynamodbRequests,
  ec2: ec2Requests,
  events: eventsRequests,
  elasticloadbalancing: loadBalancingRequests,
  glue: glueRequests,
  guardduty: restRequests,
  iam: iamRequests,
  inspector2: restRequests,
  kms: kmsRequests,
  lambda: restRequests,
  logs: logsRequests,
  macie2: restRequests,
  monitoring: metricsRequests,
  rds: rdsRequests,
  route53resolver: resolverRequests,
  s3: s3Requests,
  secretsmanager: secretsRequests,
  securityhub: restRequests,
  sns: snsRequests,
  ssm: ssmRequests,
  sts: () => [request("sts:GetAccessKeyInfo")],
};

/** What AWS would ask IAM about a call; empty where the front doesn't know. */
export async function requestsOf(
  call: AwsCall,
  account: string,
  context: FrontContext,
): Promise<IamRequest[]> {
  return (await services[call.service]?.({ call, account, context })) ?? [];
}

/**
 * Whoever calls may do what policies, boundaries and the organization's policies allow, and nothing else; only the root
 * of the management account, as which the tests set up the stage, is not asked. Of the kit's own roles every call must
 * be understood. Of others, such as a workload, an attacker or who deploys, a call that the front does not understand is
 * counted, where not every such call is allowed.
 */
export const iamAuthorization: Refusal = {
  id: "iam-authorization",
  because: "a principal does only what policies, boundary, SCPs and RCPs allow, conditions included",
  source: 'IAM user guide, "Policy evaluation logic"',
  inspect: async (call, context) => {
    // AssumeRole and policies of the organization have refusals of their own; who one is, anybody may ask.
    if (["organizations", ""].includes(call.service)) return undefined;
    if (call.service === "sts" && call.operation !== "GetAccessKeyInfo") return undefined;
    const caller = await context.callers.of(call);
    if (administers(caller, context)) return undefined;
    const standing = await standingOf(caller, context);
    const ofKit = bounded(caller);
    // A key's own policy has a say in every call on it.
    if (!ofKit && call.service !== "kms" && allowsWhatever(standing, caller, actionPattern(call)))
      return undefined;
    const requests = await requestsOf(call, caller.account, context);
    const gap = await notUnderstood(call, requests);
    if (gap !== undefined) {
      if (ofKit) return refused(400, "LocalAwsGap", gap);
      context.undecided(`${call.service}:${call.operation}`);
      if (requests.length === 0) return undefined;
    }
    const no = await firstRefused(requests, { call, caller, standing, context });
    if (no) {
      return refused(
        403,
        call.service === "ec2" ? "UnauthorizedOperation" : "AccessDenied",
        `User: ${caller.callerArn} is not authorized to perform: ${no.action} on resource: ${no.resource}`,
      );
    }
    if (ofKit) {
      const plain = requests.map(({ action, resource, context: given }) => ({
        action,
        resource,
        context: given,
      }));
      context.authorized(caller, plain);
    }
    return undefined;
  },
};

async function firstRefused(
  requests: readonly IamRequest[],
  judged: Judged,
): Promise<IamRequest | undefined> {
  for (const asked of requests) {
    const verdict = await verdictOf(asked, judged);
    if (verdict === "unknown" && !bounded(judged.caller)) judged.context.undecided(asked.action);
    else if (verdict !== "allowed") return asked;
  }
  return undefined;
}

/** What the front would have to know to judge a call; nothing where it does. */
async function notUnderstood(call: AwsCall, requests: readonly IamRequest[]): Promise<string | undefined> {
  if (requests.length === 0) return `the front can't tell what ${call.service} ${call.operation} needs`;
  const missing = await unasked(requests);
  return missing.length > 0 ? `the front does not ask about ${missing.join(", ")}` : undefined;
}

/** The root of the management account, as which the tests set up the stage: no policy of the organization reaches it. */
const administers = ({ principalArn, account }: Caller, { managementAccount }: FrontContext): boolean =>
  account === managementAccount && principalArn.endsWith(":root");

/** The kit's roles stand below a path of its own, as `/acme-ir/`. */
export const bounded = ({ principalArn }: Caller): boolean => /:role\/[a-z0-9-]+-ir\//.test(principalArn);
