import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import {
  ListResolverQueryLogConfigsCommand,
  type ResolverQueryLogConfig,
} from "@aws-sdk/client-route53resolver";
import type { FrontContext } from "../front";
import { accountExists } from "../principals";
import { type AwsAnswer, type AwsCall, errorAnswer, jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";
import { storeOf } from "./routes";

/** ARNs of configurations that are shared with the organization in a region, and whose they are. */
export const sharedConfigurations = ({ memory }: FrontContext, region: string) =>
  memory(`shared query logs ${region}`, () => new Map<string, string>());

async function shared(
  call: AwsCall,
  context: FrontContext,
  account: string,
): Promise<ResolverQueryLogConfig[]> {
  if (account !== context.managementAccount && !(await accountExists(account, context))) return [];
  const owners = new Set(sharedConfigurations(context, call.region).values());
  owners.delete(account);
  const all = await Promise.all(
    [...owners].map((owner) =>
      context.accounts.resolver(owner, call.region).send(new ListResolverQueryLogConfigsCommand({})),
    ),
  );
  return all
    .flatMap(({ ResolverQueryLogConfigs = [] }) => ResolverQueryLogConfigs)
    .filter(({ Arn = "" }) => sharedConfigurations(context, call.region).has(Arn))
    .map((configuration) => ({ ...configuration, ShareStatus: "SHARED_WITH_ME" }));
}

interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

const fits = (filters: unknown, one: Record<string, unknown>): boolean =>
  ((filters ?? []) as Filter[]).every(({ Name, Values }) => Values.includes(String(one[Name])));

export const resolverSharedConfigurations: Gap = {
  id: "resolver-shared-configurations",
  kind: "completed",
  resources: ["ListResolverQueryLogConfigs"],
  because: "the emulator shows no configuration of query logging to those with whom it is shared",
  concerns: isCall("route53resolver", "ListResolverQueryLogConfigs"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const others = await shared(call, context, account);
    if (others.length === 0) return undefined;
    const answer = await context.forward({ ...call, body: Buffer.from("{}") });
    const own = (JSON.parse(answer.body.toString()) as { ResolverQueryLogConfigs?: unknown[] })
      .ResolverQueryLogConfigs as Record<string, unknown>[];
    const all = [...(own ?? []), ...others.map((one) => ({ ...one }) as Record<string, unknown>)];
    return jsonAnswer({
      ResolverQueryLogConfigs: all.filter((one) => fits(call.parameters.Filters, one)),
      TotalCount: all.length,
    });
  },
};

let sequence = 0;

export const resolverAssociations: Gap = {
  id: "resolver-query-log-associations",
  kind: "held",
  resources: ["AssociateResolverQueryLogConfig"],
  because: "the emulator associates nothing with another account's configuration, and ends no association",
  concerns: isCall(
    "route53resolver",
    "AssociateResolverQueryLogConfig",
    "DisassociateResolverQueryLogConfig",
    "ListResolverQueryLogConfigAssociations",
  ),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const store = storeOf(context, "resolver-associations", account, call.region);
    const key = `${call.parameters.ResolverQueryLogConfigId} ${call.parameters.ResourceId}`;
    switch (call.operation) {
      case "AssociateResolverQueryLogConfig":
        return store.has(key)
          ? errorAnswer(call, 400, "ResourceExistsException", "The association already exists")
          : associate(call, context, account, key);
      case "DisassociateResolverQueryLogConfig": {
        const association = store.get(key);
        store.delete(key);
        return jsonAnswer({ ResolverQueryLogConfigAssociation: association });
      }
      default:
        return jsonAnswer({
          ResolverQueryLogConfigAssociations: [...store.values()].filter((one) =>
            fits(call.parameters.Filters, one),
          ),
          TotalCount: store.size,
        });
    }
  },
};

/** Of a configuration that stands, or is shared with the caller, and of a VPC that is the caller's. */
async function associate(
  call: AwsCall,
  context: FrontContext,
  account: string,
  key: string,
): Promise<AwsAnswer> {
  const { ResolverQueryLogConfigId, ResourceId } = call.parameters;
  const { ResolverQueryLogConfigs = [] } = await context.accounts
    .resolver(account, call.region)
    .send(new ListResolverQueryLogConfigsCommand({}));
  const known = [...ResolverQueryLogConfigs, ...(await shared(call, context, account))];
  if (!known.some(({ Id }) => Id === ResolverQueryLogConfigId)) {
    return errorAnswer(
      call,
      400,
      "ResourceNotFoundException",
      `${String(ResolverQueryLogConfigId)} doesn't exist`,
    );
  }
  const vpcs = await context.accounts
    .ec2(account, call.region)
    .send(new DescribeVpcsCommand({ VpcIds: [String(ResourceId)] }))
    .catch(() => undefined);
  if (!vpcs?.Vpcs?.length) {
    return errorAnswer(
      call,
      400,
      "InvalidParameterException",
      `The vpc ID '${String(ResourceId)}' does not exist`,
    );
  }
  sequence += 1;
  const association = {
    Id: `rqlca-${sequence.toString(16).padStart(16, "0")}`,
    ResolverQueryLogConfigId,
    ResourceId,
    Status: "ACTIVE",
    Error: "NONE",
    CreationTime: new Date().toISOString(),
  };
  storeOf(context, "resolver-associations", account, call.region).set(key, association);
  return jsonAnswer({ ResolverQueryLogConfigAssociation: association });
}
