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

type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

interface Place {
  readonly account: string;
  readonly region: string;
  readonly options: { readonly region: string; readonly credentials?: Credentials };
}

/** Facts of one kind, where something may be switched off: AWS then answers with an error, which tells nothing. */
const orNothing = <T>(request: Promise<T>): Promise<T | undefined> => request.catch(() => undefined);

/**
 * Looks up what exists, without changing anything: with the management account's credentials, and in the other listed
 * accounts by the deployer's role.
 *
 * @param tell is told of each account
 */
export async function lookUp(landscape: Landscape, tell: (account: string) => void): Promise<Facts> {
  const facts: Facts[] = [await delegations(landscape)];
  for (const account of listedAccounts(landscape)) {
    tell(account.name);
    const credentials = await enter(landscape, account);
    for (const region of landscape.regions) {
      const options = { region, ...(credentials && { credentials }) };
      facts.push(await ofPlace({ account: accountId(account), region, options }));
    }
  }
  return merged(facts);
}

const merged = (all: readonly Facts[]): Facts => {
  const lists = new Map<string, unknown[]>();
  for (const facts of all)
    for (const [kind, list] of Object.entries(facts)) lists.set(kind, [...(lists.get(kind) ?? []), ...list]);
  return Object.fromEntries(lists) as Facts;
};

async function enter(landscape: Landscape, account: Account): Promise<Credentials | undefined> {
  if (account === landscape.accounts.management) return undefined;
  const { Credentials: session } = await new STSClient({ region: landscape.homeRegion }).send(
    new AssumeRoleCommand({ RoleArn: deployRoleArn(landscape, account), RoleSessionName: "ir-kit-adopt" }),
  );
  return {
    accessKeyId: session?.AccessKeyId ?? "",
    secretAccessKey: session?.SecretAccessKey ?? "",
    sessionToken: session?.SessionToken ?? "",
  };
}

/** Who was named administrator of what, as the management account is told. */
async function delegations({ regions, homeRegion, partition }: Landscape): Promise<Facts> {
  const { DelegatedAdministrators = [] } = await new OrganizationsClient({
    region: partition.globalEventRegion,
  }).send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: "access-analyzer.amazonaws.com" }));
  const regional = await Promise.all(
    regions.map(async (region) => {
      const options = { region };
      const guardDuty = await orNothing(
        new GuardDutyClient(options).send(new ListGuardDutyAdministrators({})),
      );
      const macie = await orNothing(new Macie2Client(options).send(new ListMacieAdministrators({})));
      const inspector = await orNothing(
        new Inspector2Client(options).send(new ListDelegatedAdminAccountsCommand({})),
      );
      return [
        ...(guardDuty?.AdminAccounts ?? []).map((one) => ["guardduty", one.AdminAccountId] as const),
        ...(macie?.adminAccounts ?? []).map((one) => ["macie", one.accountId] as const),
        ...(inspector?.delegatedAdminAccounts ?? []).map((one) => ["inspector2", one.accountId] as const),
      ].map(([service, account = ""]) => ({ service, region, account }));
    }),
  );
  const hub = await orNothing(
    new SecurityHubClient({ region: homeRegion }).send(new ListHubAdministrators({})),
  );
  return {
    administrators: [
      ...DelegatedAdministrators.map(({ Id = "" }) => ({ service: "access-analyzer" as const, account: Id })),
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

async function detectorsOf({ account, region, options }: Place): Promise<Facts> {
  const guardDuty = new GuardDutyClient(options);
  const { DetectorIds = [] } = (await orNothing(guardDuty.send(new ListDetectorsCommand({})))) ?? {};
  const detectors = await Promise.all(
    DetectorIds.map(async (id) => {
      const found = await orNothing(guardDuty.send(new GetAdministratorAccountCommand({ DetectorId: id })));
      const administrator = found?.Administrator?.AccountId;
      return { account, region, id, ...(administrator !== undefined && { administrator }) };
    }),
  );
  return { detectors };
}

async function hubOf({ account, region, options }: Place): Promise<Facts> {
  const hub = new SecurityHubClient(options);
  if ((await orNothing(hub.send(new DescribeHubCommand({})))) === undefined) return {};
  const configured = await orNothing(hub.send(new DescribeOrganizationConfigurationCommand({})));
  const type = configured?.OrganizationConfiguration?.ConfigurationType;
  const aggregators = await orNothing(hub.send(new ListFindingAggregatorsCommand({})));
  return {
    hubs: [{ account, region, ...((type === "LOCAL" || type === "CENTRAL") && { configuration: type }) }],
    aggregators: (aggregators?.FindingAggregators ?? []).flatMap(({ FindingAggregatorArn: arn = "" }) =>
      arn.includes(`:${region}:`) ? [{ account, region, arn }] : [],
    ),
  };
}

const macieOf = async ({ account, region, options }: Place): Promise<Facts> => {
  const session = await orNothing(new Macie2Client(options).send(new GetMacieSessionCommand({})));
  return session?.status === undefined ? {} : { macie: [{ account, region }] };
};

async function analyzersOf({ account, region, options }: Place): Promise<Facts> {
  const analyzers: NonNullable<Facts["analyzers"]> = [];
  const pages = paginateListAnalyzers({ client: new AccessAnalyzerClient(options) }, {});
  await orNothing(
    (async () => {
      for await (const { analyzers: page = [] } of pages)
        analyzers.push(...page.map(({ name = "", type = "" }) => ({ account, region, name, type })));
    })(),
  );
  return { analyzers };
}

/** A trail of all regions shows in each of them: it is told once, where it stands. */
async function trailsOf({ account, region, options }: Place): Promise<Facts> {
  const found = await orNothing(
    new CloudTrailClient(options).send(new DescribeTrailsCommand({ includeShadowTrails: false })),
  );
  return {
    trails: (found?.trailList ?? []).map(
      ({ Name = "", TrailARN = "", IsOrganizationTrail, S3BucketName = "" }) => ({
        account,
        region,
        name: Name,
        arn: TrailARN,
        organization: IsOrganizationTrail === true,
        bucket: S3BucketName,
      }),
    ),
  };
}

async function recordersOf({ account, region, options }: Place): Promise<Facts> {
  const found = await orNothing(
    new ConfigServiceClient(options).send(new DescribeConfigurationRecordersCommand({})),
  );
  return {
    recorders: (found?.ConfigurationRecorders ?? []).map(({ name = "" }) => ({ account, region, name })),
  };
}

async function queryLogsOf({ account, region, options }: Place): Promise<Facts> {
  const found = await orNothing(
    new Route53ResolverClient(options).send(new ListResolverQueryLogConfigsCommand({})),
  );
  return {
    queryLogs: (found?.ResolverQueryLogConfigs ?? [])
      .filter(({ OwnerId }) => OwnerId === account)
      .map(({ Id = "", Name = "" }) => ({ account, region, id: Id, name: Name })),
  };
}
