import {
  GetMemberDetectorsCommand,
  type GuardDutyClient,
  ListDetectorsCommand,
  type OrgFeature,
  paginateListMembers as paginateGuardDutyMembers,
  UpdateMemberDetectorsCommand,
} from "@aws-sdk/client-guardduty";
import {
  AssociateMemberCommand,
  BatchGetAccountStatusCommand,
  EnableCommand,
  type Inspector2Client,
  paginateListMembers as paginateInspectorMembers,
  type ResourceScanType,
} from "@aws-sdk/client-inspector2";
import {
  CreateMemberCommand,
  type Macie2Client,
  paginateListMembers as paginateMacieMembers,
} from "@aws-sdk/client-macie2";
import type { LiveAccount } from "./accounts";
import { reason } from "./flow-logs";
import type { Refusal, Repair } from "./record";

/** What was changed of members, and what AWS refused. */
export interface MemberChanges {
  readonly repairs: readonly Repair[];
  readonly refused: readonly Refusal[];
}

const chunks = <T>(all: readonly T[], longest: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / longest) }, (_, index) =>
    all.slice(index * longest, (index + 1) * longest),
  );

/** GuardDuty takes so many accounts in a call, Inspector so many. */
const guardDutyAtOnce = 50;
const inspectorAtOnce = 100;

/**
 * Switches off plans of GuardDuty where members have them: that the organization's setting says so changes nothing for
 * accounts that are there ("UpdateOrganizationConfiguration", Amazon GuardDuty API reference).
 *
 * @param off features that no account is to have
 */
export async function switchPlansOff(
  guardDuty: GuardDutyClient,
  off: readonly string[],
): Promise<MemberChanges> {
  const repairs: Repair[] = [];
  const refused: Refusal[] = [];
  const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
  if (DetectorId === undefined || off.length === 0) return { repairs, refused };
  const members: string[] = [];
  for await (const { Members = [] } of paginateGuardDutyMembers(
    { client: guardDuty },
    { DetectorId, OnlyAssociated: "true" },
  )) {
    members.push(...Members.map(({ AccountId = "" }) => AccountId));
  }
  for (const AccountIds of chunks(members, guardDutyAtOnce)) {
    const { MemberDataSourceConfigurations: configurations = [] } = await guardDuty.send(
      new GetMemberDetectorsCommand({ DetectorId, AccountIds }),
    );
    for (const feature of off) {
      const having = configurations
        .filter(({ Features = [] }) =>
          Features.some(({ Name, Status }) => Name === feature && Status === "ENABLED"),
        )
        .map(({ AccountId = "" }) => AccountId);
      if (having.length === 0) continue;
      const { UnprocessedAccounts = [] } = await guardDuty.send(
        new UpdateMemberDetectorsCommand({
          DetectorId,
          AccountIds: having,
          Features: [{ Name: feature as OrgFeature, Status: "DISABLED" }],
        }),
      );
      // What AWS did not do it tells in an answer that is no error.
      const left = new Map(UnprocessedAccounts.map(({ AccountId = "", Result = "" }) => [AccountId, Result]));
      refused.push(...[...left].map(([account, why]) => ({ what: `${feature} of ${account}`, why })));
      repairs.push(
        ...having
          .filter((account) => !left.has(account))
          .map((account) => ({
            setting: `guardduty ${feature} of ${account}`,
            found: "ENABLED",
            made: "DISABLED",
          })),
      );
    }
  }
  return { repairs, refused };
}

/** Makes accounts members of Inspector and switches its scans on: AWS does so by itself for accounts to come only. */
export async function scanMembers(
  inspector: Inspector2Client,
  accounts: readonly LiveAccount[],
  administrator: string,
  scans: readonly string[],
): Promise<MemberChanges> {
  const repairs: Repair[] = [];
  const refused: Refusal[] = [];
  if (scans.length === 0) return { repairs, refused };
  const associated = new Set([administrator]);
  for await (const { members = [] } of paginateInspectorMembers(
    { client: inspector },
    { onlyAssociated: true },
  )) {
    for (const { accountId = "" } of members) associated.add(accountId);
  }
  for (const { id } of accounts.filter((one) => !associated.has(one.id))) {
    try {
      await inspector.send(new AssociateMemberCommand({ accountId: id }));
      associated.add(id);
      repairs.push({ setting: `inspector membership of ${id}`, found: "none", made: "member" });
    } catch (error) {
      refused.push({ what: `inspector membership of ${id}`, why: reason(error) });
    }
  }
  const members = accounts.map(({ id }) => id).filter((id) => id !== administrator && associated.has(id));
  for (const accountIds of chunks(members, inspectorAtOnce)) {
    const { accounts: states = [] } = await inspector.send(new BatchGetAccountStatusCommand({ accountIds }));
    const without = states
      .filter(({ resourceState }) =>
        scans.some((scan) => !["ENABLED", "ENABLING"].includes(stateOf(resourceState, scan) ?? "")),
      )
      .map(({ accountId = "" }) => accountId);
    if (without.length === 0) continue;
    const { failedAccounts = [] } = await inspector.send(
      new EnableCommand({ accountIds: without, resourceTypes: scans as ResourceScanType[] }),
    );
    const failed = new Map(failedAccounts.map((one) => [one.accountId ?? "", one.errorMessage ?? ""]));
    refused.push(...[...failed].map(([account, why]) => ({ what: `inspector of ${account}`, why })));
    repairs.push(
      ...without
        .filter((account) => !failed.has(account))
        .map((account) => ({ setting: `inspector of ${account}`, found: "not all", made: scans.join(", ") })),
    );
  }
  return { repairs, refused };
}

type ResourceState =
  | Readonly<Record<string, { readonly status?: string | undefined } | undefined>>
  | undefined;

/** `LAMBDA_CODE` is `lambdaCode` in the answer, the others in small letters. */
const stateOf = (state: unknown, scan: string): string | undefined =>
  (state as ResourceState)?.[scan === "LAMBDA_CODE" ? "lambdaCode" : scan.toLowerCase()]?.status;

/** Makes accounts members of Macie, which switches it on there: AWS does so by itself for accounts to come only. */
export async function classifyMembers(
  macie: Macie2Client,
  accounts: readonly LiveAccount[],
  administrator: string,
): Promise<MemberChanges> {
  const repairs: Repair[] = [];
  const refused: Refusal[] = [];
  const known = new Set([administrator]);
  for await (const { members = [] } of paginateMacieMembers({ client: macie }, {})) {
    for (const { accountId = "" } of members) known.add(accountId);
  }
  for (const { id, email } of accounts.filter((one) => !known.has(one.id))) {
    try {
      await macie.send(new CreateMemberCommand({ account: { accountId: id, email } }));
      repairs.push({ setting: `macie membership of ${id}`, found: "none", made: "member" });
    } catch (error) {
      refused.push({ what: `macie membership of ${id}`, why: reason(error) });
    }
  }
  return { repairs, refused };
}
