import { CreateDetectorCommand, ListDetectorsCommand } from "@aws-sdk/client-guardduty";
import { administratorOf, type DetectionService, delegate, endDelegation } from "../detection-state";
import type { Gap } from "./gap";
import { type RouteRequest, restGap } from "./routes";

interface Api {
  readonly service: DetectionService;
  readonly resource: string;
  readonly enable: string;
  readonly disable: string;
  readonly read: string;
  /** Field of the enabling request that names the account. */
  readonly field: string;
  readonly enabled?: (account: string) => unknown;
  readonly told: (account: string | undefined) => unknown;
  /** What AWS does in the administrator's account when it is named. */
  readonly afterwards?: (request: RouteRequest, account: string) => Promise<void>;
}

const listOf = <T>(account: string | undefined, one: (id: string) => T): T[] =>
  account === undefined ? [] : [one(account)];

const apis: readonly Api[] = [
  {
    service: "guardduty",
    resource: "aws_guardduty_organization_admin_account",
    enable: "POST /admin/enable",
    disable: "POST /admin/disable",
    read: "GET /admin",
    field: "adminAccountId",
    told: (account) => ({
      adminAccounts: listOf(account, (adminAccountId) => ({ adminAccountId, adminStatus: "ENABLED" })),
    }),
    afterwards: switchDetectorOn,
  },
  {
    service: "securityhub",
    resource: "aws_securityhub_organization_admin_account",
    enable: "POST /organization/admin/enable",
    disable: "POST /organization/admin/disable",
    read: "GET /organization/admin",
    field: "AdminAccountId",
    enabled: (AdminAccountId) => ({ AdminAccountId }),
    told: (account) => ({
      AdminAccounts: listOf(account, (AccountId) => ({ AccountId, Status: "ENABLED" })),
    }),
  },
  {
    service: "macie2",
    resource: "aws_macie2_organization_admin_account",
    enable: "POST /admin",
    disable: "DELETE /admin",
    read: "GET /admin",
    field: "adminAccountId",
    told: (account) => ({
      adminAccounts: listOf(account, (accountId) => ({ accountId, status: "ENABLED" })),
    }),
  },
  {
    service: "inspector2",
    resource: "aws_inspector2_delegated_admin_account",
    enable: "POST /delegatedadminaccounts/enable",
    disable: "POST /delegatedadminaccounts/disable",
    read: "POST /delegatedadminaccounts/list",
    field: "delegatedAdminAccountId",
    enabled: (delegatedAdminAccountId) => ({ delegatedAdminAccountId }),
    told: (account) => ({
      delegatedAdminAccounts: listOf(account, (accountId) => ({ accountId, status: "ENABLED" })),
    }),
  },
];

/** A delegation that finds no detector in the administrator's account makes one: provider issue 11780. */
async function switchDetectorOn({ call, context }: RouteRequest, account: string): Promise<void> {
  const guardDuty = context.accounts.guardDuty(account, call.region);
  const { DetectorIds = [] } = await guardDuty.send(new ListDetectorsCommand({}));
  if (DetectorIds.length === 0) await guardDuty.send(new CreateDetectorCommand({ Enable: true }));
}

/** Administrators of services that detect, which AWS names region by region; the emulator knows no end of them. */
export const detectionDelegations: readonly Gap[] = apis.map((api) =>
  restGap({
    id: `${api.service}-delegation`,
    kind: "held",
    service: api.service,
    resources: [api.resource],
    because: "the emulator ends no delegation, and keeps what it knows of them per account",
    routes: {
      [api.enable]: async (request) => {
        const account = String(request.body[api.field]);
        delegate(api.service, request.call.region, account, request.context);
        await api.afterwards?.(request, account);
        return api.enabled?.(account) ?? {};
      },
      [api.disable]: ({ call, context }) => {
        endDelegation(api.service, call.region, context);
        return {};
      },
      [api.read]: ({ call, context }) => api.told(administratorOf(api.service, call.region, context)),
    },
  }),
);
