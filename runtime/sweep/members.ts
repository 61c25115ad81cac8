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
  /** What members have beyond what is wanted, and keep: nobody's sight is taken. */
  readonly deviations?: readonly Repair[];
}

const chunks = <T>(all: readonly T[], longest: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / longest) }, (_, index) =>
    all.slice(index * longest, (index + 1) * longest),
  );

/** GuardDuty takes so many accounts in a call, Inspector so many. */
const guardDutyAtOnce = 50;
const inspectorAtOnce = 100;

/** Accounts that one sweep takes in, one call each, within the time that it has; the next one goes on. */
const takenInAtOnce = 100;

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

/**
 * Makes accounts members of Inspector, and switches on what it scans there: AWS does so by itself for accounts to come
 * only. Scans beyond those are told of and go on: who may end them could end all. What an account that has just become
 * a member scans, the next sweep looks at: membership takes a while.
 */
export async function scanMembers(
  inspector: Inspector2Client,
  accounts: readonly LiveAccount[],
  administrator: string,
  scans: readonly string[],
): Promise<MemberChanges> {
  if (scans.length === 0) return { repairs: [], refused: [] };
  const associated = new Set([administrator]);
  for await (const { members = [] } of paginateInspectorMembers(
    { client: inspector },
    { onlyAssociated: true },
  )) {
    for (const { accountId = "" } of members) associated.add(accountId);
  }
  const changes = [
    await takeIn("inspector", accounts, associated, async ({ id }) => {
      await inspector.send(new AssociateMemberCommand({ accountId: id }));
    }),
  ];
  const members = accounts.map(({ id }) => id).filter((id) => id !== administrator && associated.has(id));
  for (const accountIds of chunks(members, inspectorAtOnce)) {
    changes.push(await setScans(inspector, accountIds, scans));
  }
  return together(changes);
}

/** Every kind of scan; agentless ones come with that of EC2. */
const allScans: readonly string[] = ["EC2", "ECR", "LAMBDA", "LAMBDA_CODE"];

/** States of a scan that is on, or on its way there. */
const on: readonly unknown[] = ["ENABLED", "ENABLING"];

async function setScans(
  inspector: Inspector2Client,
  accountIds: string[],
  scans: readonly string[],
): Promise<MemberChanges> {
  const { accounts: states = [], failedAccounts: unknown = [] } = await inspector.send(
    new BatchGetAccountStatusCommand({ accountIds }),
  );
  const repairs: Repair[] = [];
  const deviations: Repair[] = [];
  const refused: Refusal[] = unknown.map(refusalOf);
  for (const scan of allScans) {
    const wanted = scans.includes(scan);
    const wrong = states
      .filter(({ resourceState }) => on.includes(stateOf(resourceState, scan)) !== wanted)
      .map(({ accountId = "" }) => accountId);
    const of = (account: string) => `inspector ${scan} of ${account}`;
    if (!wanted) {
      deviations.push(...wrong.map((account) => ({ setting: of(account), found: "on", made: "off" })));
      continue;
    }
    if (wrong.length === 0) continue;
    const { failedAccounts = [] } = await inspector.send(
      new EnableCommand({ accountIds: wrong, resourceTypes: [scan as ResourceScanType] }),
    );
    const failed = new Set(failedAccounts.map(({ accountId }) => accountId));
    refused.push(...failedAccounts.map(refusalOf));
    repairs.push(
      ...wrong
        .filter((account) => !failed.has(account))
        .map((account) => ({ setting: of(account), found: "off", made: "on" })),
    );
  }
  return { repairs, refused, deviations };
}

const refusalOf = (one: {
  readonly accountId?: string | undefined;
  readonly errorMessage?: string | undefined;
}): Refusal => ({ what: `inspector of ${one.accountId}`, why: one.errorMessage ?? "no reason given" });

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
  const known = new Set([administrator]);
  for await (const { members = [] } of paginateMacieMembers({ client: macie }, {})) {
    for (const { accountId = "" } of members) known.add(accountId);
  }
  return takeIn("macie", accounts, known, async ({ id, email }) => {
    await macie.send(new CreateMemberCommand({ account: { accountId: id, email } }));
  });
}

/** One that is refused keeps no other out. */
async function takeIn(
  service: string,
  accounts: readonly LiveAccount[],
  known: ReadonlySet<string>,
  make: (account: LiveAccount) => Promise<void>,
): Promise<MemberChanges> {
  const repairs: Repair[] = [];
  const refused: Refusal[] = [];
  const missing = accounts.filter(({ id }) => !known.has(id));
  for (const account of missing.slice(0, takenInAtOnce)) {
    const setting = `${service} membership of ${account.id}`;
    try {
      await make(account);
      repairs.push({ setting, found: "none", made: "member" });
    } catch (error) {
      refused.push({ what: setting, why: reason(error) });
    }
  }
  const left = missing.length - takenInAtOnce;
  if (left > 0) {
    refused.push({ what: `${service} membership`, why: `${left} accounts are left for the next sweep` });
  }
  return { repairs, refused };
}

const together = (changes: readonly MemberChanges[]): MemberChanges => ({
  repairs: changes.flatMap(({ repairs }) => repairs),
  refused: changes.flatMap(({ refused }) => refused),
  deviations: changes.flatMap(({ deviations = [] }) => deviations),
});
