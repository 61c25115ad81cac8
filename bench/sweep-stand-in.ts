import { createServer, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { flowLogFormat } from "../questions/tables/flow-logs";
import { isolationGroups } from "./stand-in-groups";

/**
 * As much of EC2, Resolver and S3 as a sweep sees: answers after 20 milliseconds, throttles one call in fifty, and
 * remembers which places are logged. Accounts are told apart by the access key, which is the account's id.
 */
const latency = 20;
const throttleEvery = 50;
const vpcsOfPlace = 5;

const logged = new Set<string>();
const associated = new Map<string, Set<string>>();
let calls = 0;

const vpcs = (place: string): string[] =>
  Array.from({ length: vpcsOfPlace }, (_, index) => `vpc-${place.replace(/\D/g, "").slice(0, 12)}${index}`);

const xml = (operation: string, body: string): string =>
  `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${body}</${operation}Response>`;

const destination = process.argv[2] ?? "";

function ec2(query: URLSearchParams, place: string, account: string): string {
  const operation = query.get("Action") ?? "";
  if (operation.includes("SecurityGroup")) return xml(operation, isolationGroups(operation, place, query));
  switch (operation) {
    case "DescribeVpcs":
      return xml(
        operation,
        `<vpcSet>${vpcs(place)
          .map((id) => `<item><vpcId>${id}</vpcId><ownerId>${account}</ownerId></item>`)
          .join("")}</vpcSet>`,
      );
    case "DescribeFlowLogs":
      return xml(
        operation,
        `<flowLogSet>${logged.has(place) ? vpcs(place).map(flowLog).join("") : ""}</flowLogSet>`,
      );
    case "CreateFlowLogs":
      logged.add(place);
      return xml(
        operation,
        `<flowLogIdSet>${vpcs(place)
          .map((id) => `<item>fl-${id}</item>`)
          .join("")}</flowLogIdSet>`,
      );
    case "DescribeNetworkInterfaces":
      return xml(
        operation,
        "<networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId></item></networkInterfaceSet>",
      );
    case "GetEbsEncryptionByDefault":
      return xml(operation, "<ebsEncryptionByDefault>true</ebsEncryptionByDefault>");
    default:
      return xml(operation, "<state>block-all-sharing</state>");
  }
}

const flowLog = (id: string): string =>
  `<item><flowLogId>fl-${id}</flowLogId><resourceId>${id}</resourceId><trafficType>ALL</trafficType>` +
  `<logDestination>${destination}</logDestination><logFormat>${flowLogFormat}</logFormat>` +
  "<maxAggregationInterval>60</maxAggregationInterval><destinationOptions><fileFormat>parquet</fileFormat>" +
  "<hiveCompatiblePartitions>true</hiveCompatiblePartitions><perHourPartition>true</perHourPartition></destinationOptions></item>";

function resolver(operation: string, place: string, body: string): unknown {
  const own = associated.get(place) ?? new Set<string>();
  switch (operation) {
    case "ListResolverQueryLogConfigs":
      return {
        ResolverQueryLogConfigs: [{ Id: "rqlc-1", Name: "acme-ir-dns-queries", OwnerId: "222222222222" }],
      };
    case "ListResolverQueryLogConfigAssociations":
      return {
        ResolverQueryLogConfigAssociations: [...own].map((ResourceId) => ({ ResourceId, Status: "ACTIVE" })),
      };
    default:
      own.add((JSON.parse(body) as { ResourceId: string }).ResourceId);
      associated.set(place, own);
      return { ResolverQueryLogConfigAssociation: { Id: "rqlca-1" } };
  }
}

const newest = (): string =>
  `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>1</Size><LastModified>${new Date().toISOString()}</LastModified></Contents></ListBucketResult>`;

/** Queries lie in a folder of their VPC. */
const foldersOf = (prefix: string, vpc: readonly string[]): string =>
  `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${vpc
    .map((id) => `<CommonPrefixes><Prefix>${prefix}${id}/</Prefix></CommonPrefixes>`)
    .join("")}</ListBucketResult>`;

function s3(url: URL): string {
  if (url.pathname.includes("/configuration/publicAccessBlock")) return blocked;
  const prefix = url.searchParams.get("prefix") ?? "";
  const [, region = "", account = ""] = /^([^/]+)\/AWSLogs\/(\d+)\/vpcdnsquerylogs\/$/.exec(prefix) ?? [];
  return region === "" ? newest() : foldersOf(prefix, vpcs(`${account}${region}`));
}

const blocked = `<PublicAccessBlockConfiguration>${[
  "BlockPublicAcls",
  "BlockPublicPolicy",
  "IgnorePublicAcls",
  "RestrictPublicBuckets",
]
  .map((name) => `<${name}>true</${name}>`)
  .join("")}</PublicAccessBlockConfiguration>`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const server = createServer(async (request, response) => {
  if (request.url === "/count") return response.end(String(calls));
  const body = await bodyOf(request);
  calls += 1;
  const isThrottled = calls % throttleEvery === 0;
  await sleep(latency);
  const [, account = "", region = "", service = ""] =
    /Credential=(\d+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  const place = `${account}${region}`;
  if (service === "route53resolver") {
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (isThrottled) {
      response.statusCode = 400;
      return response.end(JSON.stringify({ __type: "ThrottlingException", message: "Rate exceeded" }));
    }
    const operation = String(request.headers["x-amz-target"]).split(".").pop() ?? "";
    return response.end(JSON.stringify(resolver(operation, place, body)));
  }
  response.setHeader("content-type", "text/xml");
  if (isThrottled) {
    response.statusCode = 503;
    return response.end(
      "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors><RequestID>r</RequestID></Response>",
    );
  }
  if (service === "s3") {
    return response.end(s3(new URL(request.url ?? "", "http://localhost")));
  }
  return response.end(ec2(new URLSearchParams(body), place, account));
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
