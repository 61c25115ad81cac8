import { organizationId } from "../../landscape/names";
import { caseTag } from "../../landscape/tasks";
import { type Deployment, organizationPoliciesOf } from "./deployment";
import { type Decision, simulate } from "./simulate";

/** One request of a principal, with what the deployment does not know of it. */
export interface AccessRequest {
  /** ARN of a role or user; the kit's own are known, others may do what {@link AccessRequest.also} says. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Account that owns the resource; the principal's own where left out. */
  readonly account?: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  /** More policies attached to the principal than the kit attaches. */
  readonly also?: readonly unknown[];
  readonly resourcePolicy?: unknown;
  /** Organization policies attached beside those deployed: name and target. */
  readonly attached?: readonly (readonly [name: string, target: string])[];
}

export const administratorAccess = {
  Version: "2012-10-17",
  Statement: [{ Sid: "AdministratorAccess", Effect: "Allow", Action: "*", Resource: "*" }],
};

/** The case of the session in question where nobody says another. */
export const exampleCase = "CASE-1";

/** Decides a request with identity policies, boundary, trust, and the organization's policies. */
export function decide(deployment: Deployment, request: AccessRequest): Promise<Decision> {
  const role = deployment.principals.get(request.principal);
  const principalAccount = request.principal.split(":")[4] ?? "";
  const account = request.account ?? principalAccount;
  const ofService = principalAccount === "";
  const trust = request.action.startsWith("sts:")
    ? deployment.principals.get(request.resource)?.trust
    : undefined;
  const resourcePolicy = request.resourcePolicy ?? trust;
  return simulate({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    account,
    context: { ...usualContext(deployment, request, principalAccount, account), ...request.context },
    identityPolicies: [...(role?.policies ?? []), ...(request.also ?? [])],
    ...(role?.boundary && { boundaries: [role.boundary] }),
    serviceControlPolicies: ofService
      ? []
      : organizationPoliciesOf(deployment, "SERVICE_CONTROL_POLICY", principalAccount, request.attached),
    resourceControlPolicies: organizationPoliciesOf(
      deployment,
      "RESOURCE_CONTROL_POLICY",
      account,
      request.attached,
    ),
    ...(resourcePolicy !== undefined && { resourcePolicy }),
  });
}

/** What AWS knows of every request, as it is for a responder's session. */
function usualContext(
  { landscape }: Deployment,
  { principal, resource, action }: AccessRequest,
  principalAccount: string,
  account: string,
): Record<string, string> {
  const region =
    resource.split(":")[3] ||
    (globalAction(action) ? landscape.partition.globalEventRegion : landscape.homeRegion);
  const user = principal.includes(":user/");
  return {
    "aws:PrincipalArn": principal,
    "aws:PrincipalAccount": principalAccount,
    "aws:PrincipalOrgID": organizationId(landscape),
    "aws:PrincipalIsAWSService": "false",
    "aws:ResourceAccount": account,
    "aws:ResourceOrgID": organizationId(landscape),
    "aws:RequestedRegion": region,
    "aws:SecureTransport": "true",
    ...(account === principalAccount && action.startsWith("s3:") && { "s3:ResourceAccount": account }),
    ...(user
      ? { "aws:username": principal.slice(principal.lastIndexOf("/") + 1) }
      : { [`aws:PrincipalTag/${caseTag}`]: exampleCase }),
  };
}

const globalAction = (action: string) => /^(iam|organizations|account):/.test(action);
