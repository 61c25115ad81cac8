import { AccessAnalyzerClient, paginateListAnalyzers } from "@aws-sdk/client-accessanalyzer";
import { CloudTrailClient, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import { ConfigServiceClient, DescribeConfigurationRecordersCommand } from "@aws-sdk/client-config-service";
import {
  GetAdministratorAccountCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListOrganizationAdminAccountsCommand as ListGuardDutyAdministrators,
} from "@aws-sdk/client-guardduty";
import { Inspector2Client, ListDelegatedAdminAccountsCommand } from "@aws-sdk/client-inspector2";
import {
  GetMacieSessionCommand,
  ListOrganizationAdminAccountsCommand as ListMacieAdministrators,
  Macie2Client,
} from "@aws-sdk/client-macie2";
import { ListDelegatedAdministratorsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { ListResolverQueryLogConfigsCommand, Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import {
  DescribeHubCommand,
  DescribeOrganizationConfigurationCommand,
  ListFindingAggregatorsCommand,
  ListOrganizationAdminAccountsCommand as ListHubAdministrators,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Facts } from "../../adoption/facts";
import { type Landscape, listedAccounts } from "../../landscape";
import { deployRoleArn } from "../../landscape/arns";
import type { Account } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { reason } from "../../runtime/sweep/flow-logs";

type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

interface Place {
  readonly account: string;
  readonly region: string;
  readonly options: { readonly region: string; readonly credentials?: Credentials };
  readonly ask: Ask;
}

/** What could not be looked at, and why, in AWS's words. */
export interface Unseen {
  readonly where: string;
  readonly what: string;
  readonly why: string;
}

export interface Sight {
  readonly facts: Facts;
  readonly unseen: readonly Unseen[];
}

/**
 * Asks for facts of one kind. That a service is switched off some tell by an error, and that is a fact: there is
 * nothing. Any other error is no answer, and is told.
 */
type Ask = <T>(what: string, request: Promise<T>) => Promise<T | undefined>;

const asking =
  (where: string, unseen: Unseen[]): Ask =>
  (what, request) =>
    request.catch((error: unknown) => {
      if (!isSwitchedOff(error)) unseen.push({ where, what, why: reason(error) });
      return undefined;
    });

/**
 * Security Hub's InvalidAccessException (and in an account that administers nothing, the same), and what Macie,
 * Inspector and GuardDuty say in words. Sources: the errors in the API references of Security Hub, Macie and Inspector.
 */
const isSwitchedOff = (error: unknown): boolean =>
  error instanceof Error &&
  (["InvalidAccessException", "ResourceNotFoundException"].includes(error.name) ||
    /not (enabled|subscribed|a delegated|an? administrator)/i.test(error.message));

/**
 * Looks up what exists, without changing anything: with the management account's credentials, and in the other listed
 * accounts by the deployer's role.
 *
 * @param tell is told of each account
 */
export async function lookUp(landscape: Landscape, tell: (account: string) => void): Promise<Sight> {
  const unseen: Unseen[] = [];
  const facts: Facts[] = [await delegations(landscape, unseen)];
  for (const account of listedAccounts(landscape)) {
    tell(account.name);
    const ask = asking(account.name, unseen);
    const entered = await ask("entering the account", enter(landscape, account));
    if (!entered) continue;
    for (const region of landscape.regions) {
      const options = { region, ...entered };
      const asksHere = asking(`${account.name}, ${region}`, unseen);
      facts.push(await ofPlace({ account: accountId(account), region, options, ask: asksHere }));
    }
  }
  return { facts: merged(facts), unseen };
}

/** A trail of all regions, and an aggregator, show in each region that is asked: such facts are told once. */
const merged = (all: readonly Facts[]): Facts => {
  const lists = new Map<string, Map<string, unknown>>();
  for (const facts of all) {
    for (const [kind, list] of Object.entries(facts)) {
      const known = lists.get(kind) ?? new Map<string, unknown>();
      for (const fact of list) known.set(JSON.stringify(fact), fact);
      lists.set(kind, known);
    }
  }
  return Object.fromEntries([...lists].map(([kind, known]) => [kind, [...known.values()]])) as Facts;
};

async function enter(landscape: Landscape, account: Account): Promise<{ credentials?: Credentials }> {
  if (account === landscape.accounts.management) return {};
  const { Credentials: session } = await new STSClient({ region: landscape.homeRegion }).send(
    new AssumeRoleCommand({ RoleArn: deployRoleArn(landscape, account), RoleSessionName: "ir-kit-adopt" }),
  );
  return {
    credentials: {
      accessKeyId: session?.AccessKeyId ?? "",
      secretAccessKey: session?.SecretAccessKey ?? "",
      sessionToken: session?.SessionToken ?? "",
    },
  };
}

/** Who was named administrator of what, as the management account is told. */
async function delegations({ regions, homeRegion, partition }: Landscape, unseen: Unseen[]): Promise<Facts> {
  const askHome = asking("organization", unseen);
  const analyzer = await askHome(
    "the administrator of IAM Access Analyzer",
    new OrganizationsClient({ region: partition.globalEventRegion }).send(
      new ListDelegatedAdministratorsCommand({ ServicePrincipal: "access-analyzer.amazonaws.com" }),
    ),
  );
  const regional = await Promise.all(
    regions.map(async (region) => {
      const options = { region };
      const ask = asking(`organization, ${region}`, unseen);
      const guardDuty = await ask(
        "the administrator of GuardDuty",
        new GuardDutyClient(options).send(new ListGuardDutyAdministrators({})),
      );
      const macie = await ask(
        "the administrator of Macie",
        new Macie2Client(options).send(new ListMacieAdministrators({})),
      );
      const inspector = await ask(
        "the administrator of Inspector",
        new Inspector2Client(options).send(new ListDelegatedAdminAccountsCommand({})),
      );
      return [
        ...(guardDuty?.AdminAccounts ?? []).map((one) => ["guardduty", one.AdminAccountId] as const),
        ...(macie?.adminAccounts ?? []).map((one) => ["macie", one.accountId] as const),
        ...(inspector?.delegatedAdminAccounts ?? []).map((one) => ["inspector2", one.accountId] as const),
      ].map(([service, account = ""]) => ({ service, region, account }));
    }),
  );
  const hub = await askHome(
    "the administrator of Security Hub",
    new SecurityHubClient({ region: homeRegion }).send(new ListHubAdministrators({})),
  );
  return {
    administrators: [
      ...(analyzer?.DelegatedAdministrators ?? []).map(({ Id = "" }) => ({
        service: "access-analyzer" as const,
        account: Id,
      })),
      ...(hub?.AdminAccounts ?? []).map(({ AccountId = "" }) => ({
        service: "securityhub" as const,
        account: AccountId,
      })),
      ...regional.flat(),
    ],
  };
}

async function ofPlace(place: Place): Promise<Facts> {
  const parts = await Promise.all([
    detectorsOf(place),
    hubOf(place),
    macieOf(place),
    analyzersOf(place),
    trailsOf(place),
    recordersOf(place),
    queryLogsOf(place),
  ]);
  return merged(parts);
}

async function detectorsOf({ account, region, options, ask }: Place): Promise<Facts> {
  const guardDuty = new GuardDutyClient(options);
  const { DetectorIds = [] } = (await ask("detectors", guardDuty.send(new ListDetectorsCommand({})))) ?? {};
  const detectors = await Promise.all(
    DetectorIds.map(async (id) => {
      const found = await ask(
        "a detector's administrator",
        guardDuty.send(new GetAdministratorAccountCommand({ DetectorId: id })),
      );
      const administrator = found?.Administrator?.AccountId;
      return { account, region, id, ...(administrator !== undefined && { administrator }) };
    }),
  );
  return { detectors };
}

async function hubOf({ account, region, options, ask }: Place): Promise<Facts> {
  const hub = new SecurityHubClient(options);
  if ((await ask("the hub", hub.send(new DescribeHubCommand({})))) === undefined) return {};
  const configured = await ask(
    "the hub's configuration",
    hub.send(new DescribeOrganizationConfigurationCommand({})),
  );
  const type = configured?.OrganizationConfiguration?.ConfigurationType;
  const aggregators = await ask("aggregators", hub.send(new ListFindingAggregatorsCommand({})));
  return {
    hubs: [{ account, region, ...((type === "LOCAL" || type === "CENTRAL") && { configuration: type }) }],
    aggregators: (aggregators?.FindingAggregators ?? []).map(({ FindingAggregatorArn: arn = "" }) => ({
      account,
      region: arn.split(":")[3] ?? region,
      arn,
    })),
  };
}

const macieOf = async ({ account, region, options, ask }: Place): Promise<Facts> => {
  const session = await ask("Macie", new Macie2Client(options).send(new GetMacieSessionCommand({})));
  return session?.status === undefined ? {} : { macie: [{ account, region }] };
};

async function analyzersOf({ account, region, options, ask }: Place): Promise<Facts> {
  const analyzers: NonNullable<Facts["analyzers"]> = [];
  const pages = paginateListAnalyzers({ client: new AccessAnalyzerClient(options) }, {});
  await ask(
    "analyzers",
    (async () => {
      for await (const { analyzers: page = [] } of pages)
        analyzers.push(...page.map(({ name = "", type = "" }) => ({ account, region, name, type })));
    })(),
  );
  return { analyzers };
}

/** One of another region shows here too if it records all of them, and is told with the region where it stands. */
async function trailsOf({ account, region, options, ask }: Place): Promise<Facts> {
  const found = await ask("trails", new CloudTrailClient(options).send(new DescribeTrailsCommand({})));
  return {
    // A trail of the organization shows in members as well.
    trails: (found?.trailList ?? [])
      .filter(({ TrailARN = "" }) => TrailARN.split(":")[4] === account)
      .map(({ Name = "", TrailARN = "", HomeRegion = region, IsOrganizationTrail, S3BucketName = "" }) => ({
        account,
        region: HomeRegion,
        name: Name,
        arn: TrailARN,
        organization: IsOrganizationTrail === true,
        bucket: S3BucketName,
      })),
  };
}

async function recordersOf({ account, region, options, ask }: Place): Promise<Facts> {
  const found = await ask(
    "recorders of Config",
    new ConfigServiceClient(options).send(new DescribeConfigurationRecordersCommand({})),
  );
  return {
    recorders: (found?.ConfigurationRecorders ?? []).map(({ name = "" }) => ({ account, region, name })),
  };
}

async function queryLogsOf({ account, region, options, ask }: Place): Promise<Facts> {
  const found = await ask(
    "query logging",
    new Route53ResolverClient(options).send(new ListResolverQueryLogConfigsCommand({})),
  );
  return {
    queryLogs: (found?.ResolverQueryLogConfigs ?? [])
      .filter(({ OwnerId }) => OwnerId === account)
      .map(({ Id = "", Name = "" }) => ({ account, region, id: Id, name: Name })),
  };
}
