import { simulate } from "../../../cli/access/simulate";
import type { Caller } from "../accounts";
import type { FrontContext } from "../front";
import { organizationId } from "../principals";
import type { AwsCall } from "../protocol";
import { type Refusal, refused } from "../refusals/refusal";
import { standingOf } from "../standing";
import { ec2Requests } from "./ec2";
import { iamRequests } from "./iam";
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
  ssmRequests,
} from "./services";

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
 * Whoever calls may do what policies, boundaries and the organization's policies allow, and nothing else. Of the kit's
 * own roles every call must be understood; of others, such as a workload or an attacker, what the front understands is
 * judged.
 */
export const iamAuthorization: Refusal = {
  id: "iam-authorization",
  because: "a role of the kit does only what policies, boundary, SCPs and RCPs allow, conditions included",
  source: 'IAM user guide, "Policy evaluation logic"',
  inspect: async (call, context) => {
    // AssumeRole and policies of the organization have refusals of their own; who one is, anybody may ask.
    if (["organizations", ""].includes(call.service)) return undefined;
    if (call.service === "sts" && call.operation !== "GetAccessKeyInfo") return undefined;
    const caller = await context.callers.of(call);
    if (administers(caller)) return undefined;
    const requests = await requestsOf(call, caller.account, context);
    if (requests.length === 0) {
      if (!bounded(caller)) return undefined;
      return refused(400, "LocalAwsGap", `the front can't tell what ${call.service} ${call.operation} needs`);
    }
    for (const { action, resource, context: conditions, resourcePolicy, owner } of requests) {
      const { verdict } = await simulate({
        principal: caller.principalArn,
        action,
        resource,
        account: owner ?? caller.account,
        ...(resourcePolicy !== undefined && { resourcePolicy }),
        context: {
          ...(await sessionContext(caller, context)),
          "aws:RequestedRegion": call.region,
          ...conditions,
        },
        ...(await standingOf(caller, context)),
      });
      if (verdict !== "allowed") {
        return refused(
          403,
          call.service === "ec2" ? "UnauthorizedOperation" : "AccessDenied",
          `User: ${caller.callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
        );
      }
    }
    if (bounded(caller)) {
      const asked = requests.map(({ action, resource, context: conditions }) => ({
        action,
        resource,
        context: conditions,
      }));
      context.authorized(caller, asked);
    }
    return undefined;
  },
};

/** Root of the management account and the deployer's roles, as which the tests set up the stage. */
const administers = ({ principalArn }: Caller): boolean =>
  /:root$|:role\/(OrganizationAccountAccessRole|AWSControlTowerExecution)$|^$/.test(principalArn);

/** The kit's roles stand below a path of its own, as `/acme-ir/`. */
export const bounded = ({ principalArn }: Caller): boolean => /:role\/[a-z0-9-]+-ir\//.test(principalArn);

export const sessionContext = async ({ principalArn, account, session }: Caller, context: FrontContext) => ({
  "aws:PrincipalArn": principalArn,
  "aws:PrincipalAccount": account,
  "aws:PrincipalOrgID": await organizationId(context),
  "aws:PrincipalIsAWSService": "false",
  ...(session?.userId !== undefined && { "aws:userid": session.userId }),
  ...(session?.issued !== undefined && { "aws:TokenIssueTime": session.issued }),
  ...(session?.sourceIdentity !== undefined && { "aws:SourceIdentity": session.sourceIdentity }),
  ...Object.fromEntries(
    Object.entries(session?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
  ),
});
