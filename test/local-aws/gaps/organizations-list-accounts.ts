import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { organizationState } from "../organization-state";
import { errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** Source: "ListAccounts" (AWS Organizations API reference): the management account, or an administrator of a service. */
export const organizationsListAccounts: Gap = {
  id: "organizations-list-accounts",
  kind: "answered",
  resources: ["ListAccounts"],
  because: "the emulator lists no accounts to an administrator of a service",
  concerns: isCall("organizations", "ListAccounts"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    if (account === context.managementAccount) return undefined;
    const { delegated } = organizationState(context);
    if (![...delegated.values()].some((holders) => holders.has(account))) {
      return errorAnswer(
        call,
        400,
        "AccessDeniedException",
        "You don't have permissions to access this resource.",
      );
    }
    const { Accounts = [] } = await context.accounts.organizations().send(new ListAccountsCommand({}));
    return jsonAnswer({
      Accounts: Accounts.map(({ JoinedTimestamp, ...rest }) => ({
        ...rest,
        JoinedTimestamp: (JoinedTimestamp?.getTime() ?? 0) / 1000,
      })),
    });
  },
};
