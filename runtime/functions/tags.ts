import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { STSClient } from "@aws-sdk/client-sts";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { Value } from "@sinclair/typebox/value";
import { caseTag, kitTag } from "../../landscape/tasks";
import { NotPossible } from "../shared/errors";
import { ContractBroken } from "../shared/step";
import { lookNeeds, tagNeeds } from "../tags/needs";
import {
  type TagInvocation,
  type TagRequest,
  type TagResult,
  tagInvocationSchema,
  tagPartition,
  tagRequestSchema,
} from "../tags/request";
import { type TagClients, tagResources } from "../tags/tag";
import { enterAs } from "./enter";
import { functionEnvironment } from "./environment";
import { documentsIn } from "./setting";

const environment = functionEnvironment();
const { kit, table, homeRegion } = environment;
const sts = new STSClient({ region: homeRegion });
const documents = documentsIn(homeRegion);

/** Lambda's entry to the function that tags: the case is the one under which IAM let the request be written. */
export async function handler(invocation: TagInvocation): Promise<TagResult> {
  const first = Value.Errors(tagInvocationSchema, invocation).First();
  if (first) throw new ContractBroken(`${first.path || "/"} ${first.message}`);
  const { case: caseId, remove } = invocation;
  const request = await requested(invocation);
  const clients = await clientsIn(request, caseId);
  return tagResources(clients, kit, { caseId, remove }, request);
}

async function requested({ case: caseId, item, remove = false }: TagInvocation): Promise<TagRequest> {
  const Key = { case: tagPartition(caseId, remove), item };
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  if (Item === undefined) {
    throw new NotPossible(`table ${table} has no item ${item} of ${Key.case}: write the request first`);
  }
  const { case: _, item: __, ...request } = Item;
  const first = Value.Errors(tagRequestSchema, request).First();
  if (first) throw new ContractBroken(`${first.path || "/"} ${first.message}`);
  return request as TagRequest;
}

/** AWS itself keeps the session from what is the kit's own, and from what belongs to another case. */
async function clientsIn({ account, region }: TagRequest, caseId: string): Promise<TagClients> {
  const credentials = await enterAs(sts, environment, account, caseId, [
    { Effect: "Allow", Action: lookNeeds.map(({ action }) => action), Resource: "*" },
    {
      Effect: "Allow",
      Action: tagNeeds.map(({ action }) => action),
      Resource: "*",
      Condition: {
        StringEqualsIfExists: { [`aws:ResourceTag/${caseTag}`]: caseId },
        Null: { [`aws:ResourceTag/${kitTag}`]: "true" },
      },
    },
  ]);
  const settings = { region, credentials };
  return {
    autoScaling: new AutoScalingClient(settings),
    ec2: new EC2Client(settings),
    // IAM has one endpoint in a partition, which the SDK finds from any region of it.
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    loadBalancing: new ElasticLoadBalancingV2Client(settings),
    rds: new RDSClient(settings),
  };
}
