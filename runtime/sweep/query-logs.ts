import {
  AssociateResolverQueryLogConfigCommand,
  paginateListResolverQueryLogConfigAssociations,
  paginateListResolverQueryLogConfigs,
  type ResolverQueryLogConfig,
  type Route53ResolverClient,
} from "@aws-sdk/client-route53resolver";
import { type Covered, nothingCovered, reason } from "./flow-logs";
import type { Refusal } from "./record";
import type { Wanted } from "./wanted";

/** Associates the shared configuration of query logging with every VPC that lacks it. */
export async function coverByQueryLogs(
  resolver: Route53ResolverClient,
  vpcs: readonly string[],
  wanted: Wanted["queryLog"],
): Promise<Covered> {
  if (vpcs.length === 0) return nothingCovered;
  const configuration = await find(resolver, wanted);
  if (configuration === undefined) {
    return {
      ...nothingCovered,
      refused: [
        {
          what: "query logging",
          why: `account ${wanted.owner} shares no configuration ${wanted.name} with this one`,
        },
      ],
    };
  }
  const associated = await associations(resolver, configuration);
  const refused: Refusal[] = [];
  const repaired: string[] = [];
  for (const vpc of vpcs) {
    const found = associated.get(vpc);
    if (found?.failed !== undefined) refused.push({ what: `query logging of ${vpc}`, why: found.failed });
    if (found !== undefined) continue;
    try {
      await resolver.send(
        new AssociateResolverQueryLogConfigCommand({
          ResolverQueryLogConfigId: configuration,
          ResourceId: vpc,
        }),
      );
      repaired.push(vpc);
    } catch (error) {
      // Another sweep was faster: the VPC is logged all the same.
      if ((error as Error).name === "ResourceExistsException") continue;
      refused.push({ what: `query logging of ${vpc}`, why: reason(error) });
    }
  }
  const since = new Map(
    [...associated].flatMap(([vpc, { at }]) => (at === undefined ? [] : [[vpc, at] as const])),
  );
  return { covered: vpcs.length - refused.length, repaired, refused, since };
}

async function find(
  resolver: Route53ResolverClient,
  { name, owner }: Wanted["queryLog"],
): Promise<string | undefined> {
  const all: ResolverQueryLogConfig[] = [];
  for await (const { ResolverQueryLogConfigs = [] } of paginateListResolverQueryLogConfigs(
    { client: resolver },
    {
      Filters: [{ Name: "Name", Values: [name] }],
    },
  )) {
    all.push(...ResolverQueryLogConfigs);
  }
  return all.find(({ Name, OwnerId }) => Name === name && OwnerId === owner)?.Id;
}

interface Association {
  readonly failed?: string;
  /** When it was made; absent where it does not work. */
  readonly at?: Date;
}

async function associations(resolver: Route53ResolverClient, id: string): Promise<Map<string, Association>> {
  const found = new Map<string, Association>();
  for await (const {
    ResolverQueryLogConfigAssociations = [],
  } of paginateListResolverQueryLogConfigAssociations(
    { client: resolver, pageSize: 100 },
    { Filters: [{ Name: "ResolverQueryLogConfigId", Values: [id] }] },
  )) {
    for (const {
      ResourceId = "",
      Status,
      Error: error,
      ErrorMessage,
      CreationTime = "",
    } of ResolverQueryLogConfigAssociations) {
      const failed = Status === "FAILED" || Status === "ACTION_NEEDED";
      found.set(
        ResourceId,
        failed
          ? { failed: `${error}: ${ErrorMessage ?? "no reason given"}` }
          : { at: new Date(CreationTime) },
      );
    }
  }
  return found;
}
