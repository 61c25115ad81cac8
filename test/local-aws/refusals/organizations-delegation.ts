import type { FrontContext } from "../front";
import { organizationState } from "../organization-state";
import { accountExists } from "../principals";
import type { AwsCall } from "../protocol";
import { type Refusal, type Refused, refused } from "./refusal";

interface Delegation {
  readonly principal: string;
  readonly delegate: string;
}

export const organizationsDelegation: Refusal = {
  id: "organizations-delegation",
  because: "only the management account delegates, to a member, and after trusted access of the service",
  source:
    'AWS Organizations API reference, "RegisterDelegatedAdministrator" and ConstraintViolationException: ' +
    "SERVICE_ACCESS_NOT_ENABLED, CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
  inspect: async (call, context) => {
    const delegation = delegationOf(call);
    if (!delegation) return undefined;
    const { account } = await context.callers.of(call);
    if (account !== context.managementAccount) {
      return refused(400, "AccessDeniedException", "You don't have permissions to access this resource.");
    }
    return call.service === "organizations"
      ? registration(delegation, context)
      : byService(call, delegation, context);
  },
};

/** Services that name their administrator by an API of their own. */
const ownApis: Readonly<
  Record<string, { readonly path: string; readonly principal: string; readonly field: string }>
> = {
  guardduty: { path: "POST /admin/enable", principal: "guardduty.amazonaws.com", field: "adminAccountId" },
  securityhub: {
    path: "POST /organization/admin/enable",
    principal: "securityhub.amazonaws.com",
    field: "AdminAccountId",
  },
  macie2: { path: "POST /admin", principal: "macie.amazonaws.com", field: "adminAccountId" },
  inspector2: {
    path: "POST /delegatedadminaccounts/enable",
    principal: "inspector2.amazonaws.com",
    field: "delegatedAdminAccountId",
  },
};

function delegationOf(call: AwsCall): Delegation | undefined {
  if (call.service === "organizations" && call.operation === "RegisterDelegatedAdministrator") {
    return {
      principal: String(call.parameters.ServicePrincipal),
      delegate: String(call.parameters.AccountId),
    };
  }
  const own = ownApis[call.service];
  if (!own || call.operation !== own.path) return undefined;
  return { principal: own.principal, delegate: String(call.parameters[own.field]) };
}

async function registration(
  { principal, delegate }: Delegation,
  context: FrontContext,
): Promise<Refused | undefined> {
  if (delegate === context.managementAccount) {
    return refused(
      400,
      "ConstraintViolationException",
      "You cannot register management account/yourself as delegated administrator for your organization.",
    );
  }
  if (!(await accountExists(delegate, context))) {
    return refused(
      400,
      "AccountNotFoundException",
      "You specified an account that doesn't exist in your organization.",
    );
  }
  const { trustedAccess, delegated } = organizationState(context);
  if (!trustedAccess.has(principal)) {
    return refused(
      400,
      "ConstraintViolationException",
      "You attempted to register a delegated administrator before you enabled service access.",
    );
  }
  return delegated.get(principal)?.has(delegate)
    ? refused(
        400,
        "AccountAlreadyRegisteredException",
        "The provided account is already a delegated administrator for your organization.",
      )
    : undefined;
}

/** These services switch their own trusted access on while they delegate, but still want an organization and a member. */
async function byService(
  call: AwsCall,
  { delegate }: Delegation,
  context: FrontContext,
): Promise<Refused | undefined> {
  if (await accountExists(delegate, context)) return undefined;
  return refused(
    400,
    "BadRequestException",
    `The request is rejected because the account ${delegate} is not in the organization (${call.service}).`,
  );
}
