import { ListAccountsCommand } from "@aws-sdk/client-organizations";
import { type RouteRequest, restGap } from "./routes";

interface Feature {
  readonly name: string;
  readonly status: string;
}

/** Accounts of the organization beside the administrator, which is the caller. */
async function others({ context, account }: RouteRequest): Promise<string[]> {
  const { Accounts = [] } = await context.accounts.organizations().send(new ListAccountsCommand({}));
  return Accounts.map(({ Id = "" }) => Id).filter((id) => id !== account);
}

const featuresOf = (store: RouteRequest["store"], account: string): Feature[] =>
  (store.get(account)?.features as Feature[] | undefined) ?? [];

export const guarddutyMembers = restGap({
  id: "guardduty-members",
  kind: "answered",
  service: "guardduty",
  resources: ["ListMembers", "GetMemberDetectors", "UpdateMemberDetectors"],
  because: "the emulator has no members of a detector",
  routes: {
    "GET /detector/{id}/member": async (request) => ({
      members: (await others(request)).map((accountId) => ({
        accountId,
        masterId: request.account,
        administratorId: request.account,
        email: `${accountId}@example.com`,
        relationshipStatus: "Enabled",
        updatedAt: new Date().toISOString(),
      })),
    }),
    "POST /detector/{id}/member/detector/get": ({ store, body }) => ({
      members: ((body.accountIds ?? []) as string[]).map((accountId) => ({
        accountId,
        features: featuresOf(store, accountId),
      })),
      unprocessedAccounts: [],
    }),
    "POST /detector/{id}/member/detector/update": ({ store, body }) => {
      const changed = (body.features ?? []) as Feature[];
      for (const account of (body.accountIds ?? []) as string[]) {
        const kept = featuresOf(store, account).filter(
          ({ name }) => !changed.some((one) => one.name === name),
        );
        store.set(account, { features: [...kept, ...changed] });
      }
      return { unprocessedAccounts: [] };
    },
  },
});

export const macieMembers = restGap({
  id: "macie-members",
  kind: "answered",
  service: "macie2",
  resources: ["ListMembers", "CreateMember"],
  because: "the emulator makes no members of Macie",
  routes: {
    "GET /members": ({ store }) => ({ members: [...store.values()] }),
    "POST /members": ({ store, body, account, call }) => {
      const { accountId = "", email = "" } = (body.account ?? {}) as { accountId?: string; email?: string };
      store.set(accountId, {
        accountId,
        email,
        relationshipStatus: "Enabled",
        administratorAccountId: account,
      });
      return { arn: `arn:aws:macie2:${call.region}:${account}:member/${accountId}` };
    },
  },
});
