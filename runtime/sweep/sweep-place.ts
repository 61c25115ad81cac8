import { DescribeRegionsCommand, type EC2Client, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { kitTag, withoutIsolationGroup } from "../../landscape/tasks";
import { utc } from "../shared/clock";
import type { Step } from "../shared/step";
import { assertSettings } from "./account-settings";
import { liveAccounts } from "./accounts";
import { isYoung, mustDeliver } from "./expected";
import { coverByFlowLogs, nothingCovered, reason } from "./flow-logs";
import { coverByIsolation, noIsolation } from "./isolation";
import { classifyMembers, type MemberChanges, scanMembers, switchPlansOff } from "./members";
import { sweepNeeds } from "./needs";
import { type Place, placeSchema } from "./place";
import { coverByQueryLogs } from "./query-logs";
import {
  type Refusal,
  type Repair,
  type Silence,
  type SweepRecord,
  sources,
  sweepRecordSchema,
} from "./record";
import type { PlaceClients, SweepSetting } from "./setting";
import { judgeSource } from "./sources";

/**
 * Looks at one account and region, switches on what is missing, and writes down what it saw. What goes wrong in one
 * part keeps nothing else from being done, and is told in the record; only a record that can't be written is an error.
 */
export const sweepPlace: Step<typeof placeSchema, typeof sweepRecordSchema, SweepSetting> = {
  id: "sweep-place",
  title: "What must be logged in an account and region is logged",
  class: "contain",
  criticality: "best-effort",
  input: placeSchema,
  output: sweepRecordSchema,
  needs: sweepNeeds,
  handle: async (setting, place) => {
    const record = await look(setting, place);
    await setting.records.put(record);
    return record;
  },
};

async function look(setting: SweepSetting, place: Place): Promise<SweepRecord> {
  const refused: Refusal[] = [];
  const attempt = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      refused.push({ what, why: reason(error) });
      return otherwise;
    }
  };
  const { wanted, clock } = setting;
  const { account, region } = place;
  const young = isYoung(place, clock.now());
  const base = { account, region, at: utc(clock.now()), ...(young && { young }) };
  const nothing = { vpcs: 0, ...noCoverage, repairs: [], deviations: [], silent: [], unwatched: [] };
  if (!(await attempt("asking whether the region is enabled", true, () => isEnabled(setting, place)))) {
    return { ...base, ...nothing, refused, notEnabled: true };
  }
  const silent = (await attempt("judging sources", [], () => silentSources(setting, place))).filter(
    ({ last }) => last !== undefined || !young,
  );
  const clients = await attempt("entering the account", undefined, () => setting.enter(place));
  if (!clients) return { ...base, ...nothing, refused, silent };
  const { ec2, resolver } = clients;
  const all = await attempt("listing VPCs", [], () => vpcsIn(ec2));
  // A VPC that another account shares is logged by its owner.
  const own = all.filter(({ owner }) => owner === account);
  const vpcs = own.map(({ id }) => id);
  const flowLogs = await attempt("flow logs", nothingCovered, () =>
    coverByFlowLogs(ec2, vpcs, wanted.flowLogs),
  );
  const queryLogs = await attempt("query logging", nothingCovered, () =>
    coverByQueryLogs(resolver, vpcs, wanted.queryLog),
  );
  const isolation = await attempt("isolation groups", noIsolation, () =>
    coverByIsolation(
      ec2,
      own.filter(({ isLeftOut }) => !isLeftOut).map(({ id }) => id),
      wanted.isolation,
    ),
  );
  const settings = await assertSettings(place, clients, wanted);
  const members = await memberChanges(setting, place, clients, attempt);
  const isHome = region === wanted.homeRegion;
  const unwatched =
    isHome && wanted.reportUnwatched
      ? await attempt("listing regions", [], () => unwatchedRegions(ec2, wanted.regions))
      : [];
  const expected = await Promise.all(
    silent.map((silence) =>
      attempt(`looking for what sends ${silence.source}`, true, () =>
        mustDeliver(ec2, silence, { "flow-logs": flowLogs, "dns-queries": queryLogs }, wanted, clock.now()),
      ),
    ),
  );
  return {
    ...base,
    vpcs: vpcs.length,
    flowLogs: { covered: flowLogs.covered, repaired: [...flowLogs.repaired] },
    queryLogs: { covered: queryLogs.covered, repaired: [...queryLogs.repaired] },
    isolation: { covered: isolation.covered, repaired: [...isolation.repaired] },
    deviations: atMost(
      [...settings.deviations, ...members.flatMap(({ deviations = [] }) => deviations)],
      moreSettings,
    ),
    repairs: atMost([...settings.repairs, ...members.flatMap(({ repairs }) => repairs)], moreSettings),
    refused: atMost(
      [...refused, ...[flowLogs, queryLogs, isolation, settings, ...members].flatMap((part) => part.refused)],
      (left) => ({ what: `${left} more`, why: "as those above" }),
    ),
    silent: silent.filter((_, index) => expected[index]),
    unwatched,
  };
}

/** A region that must be enabled first is asked for from the home region: in itself nobody is known there. */
async function isEnabled({ wanted, enter }: SweepSetting, place: Place): Promise<boolean> {
  if (!wanted.optInRegions.includes(place.region)) return true;
  const { ec2 } = await enter({ ...place, region: wanted.homeRegion });
  const { Regions = [] } = await ec2.send(
    new DescribeRegionsCommand({ RegionNames: [place.region], AllRegions: true }),
  );
  return Regions.every(({ OptInStatus }) => OptInStatus !== "not-opted-in");
}

/** A record has its place in a table's item, which takes 400 kB: of very many, the first and how many more. */
const longest = 200;

const atMost = <T>(all: readonly T[], more: (left: number) => T): T[] =>
  all.length <= longest ? [...all] : [...all.slice(0, longest), more(all.length - longest)];

const moreSettings = (left: number): Repair => ({
  setting: `${left} more`,
  found: "as those above",
  made: "as those above",
});

const noCoverage = {
  flowLogs: { covered: 0, repaired: [] as string[] },
  queryLogs: { covered: 0, repaired: [] as string[] },
  isolation: { covered: 0, repaired: [] as string[] },
};

type Attempt = <T>(what: string, otherwise: T, work: () => Promise<T>) => Promise<T>;

const unchanged: MemberChanges = { repairs: [], refused: [] };

/** In the account that administers detection: what members of the organization have, in this region. */
async function memberChanges(
  { wanted: { members }, organizations }: SweepSetting,
  { account }: Place,
  { detection }: PlaceClients,
  attempt: Attempt,
): Promise<MemberChanges[]> {
  if (members === undefined || members.administrator !== account) return [];
  const { guardDutyOff, inspector: scans, macie: classified } = members;
  const { guardDuty, inspector, macie } = detection();
  const accounts =
    scans || classified ? await attempt("listing accounts", [], () => liveAccounts(organizations)) : [];
  return [
    guardDutyOff
      ? await attempt("GuardDuty of members", unchanged, () => switchPlansOff(guardDuty, guardDutyOff))
      : unchanged,
    scans
      ? await attempt("Inspector of members", unchanged, () =>
          scanMembers(inspector, accounts, account, scans),
        )
      : unchanged,
    classified
      ? await attempt("Macie of members", unchanged, () => classifyMembers(macie, accounts, account))
      : unchanged,
  ];
}

interface SweptVpc {
  readonly id: string;
  readonly owner: string;
  /** Whether no isolation group stands in it: its owner says so, or it is a network of the kit with groups of its own. */
  readonly isLeftOut: boolean;
}

/** The account's own, and those that others share with it. */
async function vpcsIn(ec2: EC2Client): Promise<SweptVpc[]> {
  const found: SweptVpc[] = [];
  for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2, pageSize: 1000 }, {})) {
    found.push(
      ...Vpcs.map(({ VpcId: id = "", OwnerId: owner = "", Tags = [] }) => ({
        id,
        owner,
        isLeftOut: Tags.some(
          ({ Key, Value }) =>
            Key === kitTag || (Key === withoutIsolationGroup.key && Value === withoutIsolationGroup.value),
        ),
      })),
    );
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function silentSources({ s3, wanted, clock }: SweepSetting, place: Place): Promise<Silence[]> {
  const judged = await Promise.all(
    sources.map((source) => judgeSource(s3, source, wanted.deliveries[source], place, clock.now())),
  );
  return judged.flatMap((silence) => silence ?? []);
}

async function unwatchedRegions(ec2: EC2Client, watched: readonly string[]): Promise<string[]> {
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: false }));
  return Regions.map(({ RegionName = "" }) => RegionName)
    .filter((region) => !watched.includes(region))
    .sort();
}
