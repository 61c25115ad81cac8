import {
  type AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand as DeleteGroupTagsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  type ElasticLoadBalancingV2Client,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  type IAMClient,
  TagRoleCommand,
  TagUserCommand,
  UntagRoleCommand,
  UntagUserCommand,
} from "@aws-sdk/client-iam";
import { type LambdaClient, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { AddTagsToResourceCommand, type RDSClient, RemoveTagsFromResourceCommand } from "@aws-sdk/client-rds";
import { caseTag } from "../../landscape/tasks";
import { reason } from "../shared/errors";
import type { Kit } from "../shared/kit";
import type { TaggedResource, TagRequest, TagResult } from "./request";
import { type CaseResource, caseResource } from "./resource";

/** Clients in an account and region, with the permissions that tagging needs. */
export interface TagClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly rds: RDSClient;
}

/**
 * Tags resources with a case, or takes its tag off; a machine with its volumes, interfaces and public addresses. What
 * AWS refuses of one resource keeps no other from being tagged.
 *
 * @throws NotPossible before anything is tagged, where one can't be
 */
export async function tagResources(
  clients: TagClients,
  kit: Kit,
  { caseId, remove = false }: { readonly caseId: string; readonly remove?: boolean | undefined },
  request: TagRequest,
): Promise<TagResult> {
  const { account, region } = request;
  const named = request.resources.map((text) => caseResource(kit, request, text));
  const { all, unknown } = await withMachines(clients.ec2, named);
  const resources: TaggedResource[] = [...unknown];
  for (const resource of all) {
    const label = resource.kind === "ec2" ? resource.id : resource.arn;
    try {
      await (remove ? untag : tag)(clients, resource, caseId);
      resources.push({ resource: label, outcome: remove ? "untagged" : "tagged" });
    } catch (error) {
      resources.push({ resource: label, outcome: "failed", why: reason(error) });
    }
  }
  return { case: caseId, account, region, resources };
}

interface Machines {
  /** Each once, machines followed by what hangs on them. */
  readonly all: readonly CaseResource[];
  /** What hangs on a machine of which AWS does not tell it. */
  readonly unknown: readonly TaggedResource[];
}

async function withMachines(ec2: EC2Client, named: readonly CaseResource[]): Promise<Machines> {
  const machines = named.flatMap((one) => (one.kind === "ec2" && one.id.startsWith("i-") ? [one.id] : []));
  const hanging: string[] = [];
  const unknown: TaggedResource[] = [];
  for (const id of machines) {
    try {
      hanging.push(...(await hangingOn(ec2, id)));
    } catch (error) {
      unknown.push({ resource: `what hangs on ${id}`, outcome: "failed", why: reason(error) });
    }
  }
  const all = [...named, ...hanging.map((id): CaseResource => ({ kind: "ec2", id }))];
  return {
    all: [...new Map(all.map((one) => [one.kind === "ec2" ? one.id : one.arn, one])).values()],
    unknown,
  };
}

async function hangingOn(ec2: EC2Client, instance: string): Promise<string[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
  const { Addresses = [] } = await ec2.send(
    new DescribeAddressesCommand({ Filters: [{ Name: "instance-id", Values: [instance] }] }),
  );
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances);
  return [
    ...machines.flatMap(({ BlockDeviceMappings = [], NetworkInterfaces = [] }) => [
      ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId),
      ...NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
    ]),
    ...Addresses.map(({ AllocationId }) => AllocationId),
  ].filter((id) => id !== undefined);
}

async function tag(clients: TagClients, resource: CaseResource, Value: string): Promise<void> {
  const Tags = [{ Key: caseTag, Value }];
  switch (resource.kind) {
    case "ec2":
      await clients.ec2.send(new CreateTagsCommand({ Resources: [resource.id], Tags }));
      return;
    case "function":
      await clients.lambda.send(
        new TagResourceCommand({ Resource: resource.arn, Tags: { [caseTag]: Value } }),
      );
      return;
    case "database":
      await clients.rds.send(new AddTagsToResourceCommand({ ResourceName: resource.arn, Tags }));
      return;
    case "target-group":
      await clients.loadBalancing.send(new AddTagsCommand({ ResourceArns: [resource.arn], Tags }));
      return;
    case "scaling-group":
      await clients.autoScaling.send(
        new CreateOrUpdateTagsCommand({ Tags: [groupTag(resource.name, Value)] }),
      );
      return;
    case "role":
      await clients.iam.send(new TagRoleCommand({ RoleName: resource.name, Tags }));
      return;
    case "user":
      await clients.iam.send(new TagUserCommand({ UserName: resource.name, Tags }));
      return;
  }
}

async function untag(clients: TagClients, resource: CaseResource, Value: string): Promise<void> {
  const TagKeys = [caseTag];
  switch (resource.kind) {
    case "ec2":
      // With its value: what belongs to another case keeps its tag.
      await clients.ec2.send(
        new DeleteTagsCommand({ Resources: [resource.id], Tags: [{ Key: caseTag, Value }] }),
      );
      return;
    case "function":
      await clients.lambda.send(new UntagResourceCommand({ Resource: resource.arn, TagKeys }));
      return;
    case "database":
      await clients.rds.send(new RemoveTagsFromResourceCommand({ ResourceName: resource.arn, TagKeys }));
      return;
    case "target-group":
      await clients.loadBalancing.send(new RemoveTagsCommand({ ResourceArns: [resource.arn], TagKeys }));
      return;
    case "scaling-group":
      await clients.autoScaling.send(new DeleteGroupTagsCommand({ Tags: [groupTag(resource.name, Value)] }));
      return;
    case "role":
      await clients.iam.send(new UntagRoleCommand({ RoleName: resource.name, TagKeys }));
      return;
    case "user":
      await clients.iam.send(new UntagUserCommand({ UserName: resource.name, TagKeys }));
      return;
  }
}

const groupTag = (ResourceId: string, Value: string) => ({
  ResourceId,
  ResourceType: "auto-scaling-group",
  Key: caseTag,
  Value,
  PropagateAtLaunch: false,
});
