import { DescribeAccountCommand } from "@aws-sdk/client-organizations";
import type { FrontContext } from "../front";
import { now, organizationState } from "../organization-state";
import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const organizationsDelegatedAdministrators: Gap = {
  id: "organizations-delegated-administrators",
  kind: "held",
  resources: ["aws_organizations_delegated_administrator"],
  because: "the emulator knows six services only",
  concerns: isCall(
    "organizations",
    "RegisterDelegatedAdministrator",
    "DeregisterDelegatedAdministrator",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
  ),
  answer: async (call, context) => {
    const { delegated } = organizationState(context);
    const principal = String(call.parameters.ServicePrincipal);
    const account = String(call.parameters.AccountId);
    switch (call.operation) {
      case "RegisterDelegatedAdministrator": {
        const holders = delegated.get(principal) ?? new Map<string, number>();
        holders.set(account, now());
        delegated.set(principal, holders);
        return jsonAnswer({});
      }
      case "DeregisterDelegatedAdministrator":
        return delegated.get(principal)?.delete(account)
          ? jsonAnswer({})
          : errorAnswer(
              call,
              400,
              "AccountNotRegisteredException",
              "The specified account is not a delegated administrator.",
            );
      case "ListDelegatedServicesForAccount":
        return jsonAnswer({
          DelegatedServices: [...delegated].flatMap(([ServicePrincipal, holders]) => {
            const DelegationEnabledDate = holders.get(account);
            return DelegationEnabledDate === undefined ? [] : [{ ServicePrincipal, DelegationEnabledDate }];
          }),
        });
      default:
        return jsonAnswer({
          DelegatedAdministrators: await administrators(context, call.parameters.ServicePrincipal),
        });
    }
  },
};

async function administrators(context: FrontContext, principal: unknown): Promise<unknown[]> {
  const { delegated } = organizationState(context);
  const holders = new Map<string, number>();
  for (const [service, accounts] of delegated) {
    if (principal === undefined || principal === service)
      for (const [id, since] of accounts) holders.set(id, since);
  }
  const organizations = context.accounts.organizations();
  return Promise.all(
    [...holders].map(async ([AccountId, DelegationEnabledDate]) => {
      const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId }));
      return {
        Id: AccountId,
        Arn: Account?.Arn,
        Email: Account?.Email,
        Name: Account?.Name,
        Status: "ACTIVE",
        JoinedMethod: "CREATED",
        JoinedTimestamp: DelegationEnabledDate,
        DelegationEnabledDate,
      };
    }),
  );
}
