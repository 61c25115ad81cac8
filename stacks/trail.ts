import {
  Cloudtrail,
  type CloudtrailAdvancedEventSelector,
  type CloudtrailAdvancedEventSelectorFieldSelector as FieldSelector,
} from "@cdktf/provider-aws/lib/cloudtrail";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import { LogKey } from "../constructs/log-key";
import { objectArns } from "../landscape/arns";
import { custodyFunctionArn } from "../landscape/evidence-arns";
import { evidenceRegions, type Forensics, type Landscape } from "../landscape/model";
import { bucketName, keyAliasName, logKindsOf, trailName } from "../landscape/names";
import type { DataEventKind, InsightKind, NetworkEventSource } from "../landscape/schema";
import { keyPolicy } from "../policies/logs";

/** The trail of the whole organization: every account, every region, validated, encrypted. */
export class TrailStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    this.createTrail(this.createKey());
  }

  private createKey(): LogKey {
    return new LogKey(this, "cloudtrail-key", {
      alias: keyAliasName(this.landscape, "cloudtrail"),
      description: "Encrypts the organization's logs: cloudtrail",
      policy: keyPolicy(this.landscape, "cloudtrail"),
    });
  }

  private createTrail(key: LogKey): void {
    const { insights } = this.landscape.logging;
    new Cloudtrail(this, "trail", {
      name: trailName(this.landscape),
      s3BucketName: bucketName(this.landscape, "cloudtrail"),
      kmsKeyId: key.arn,
      isOrganizationTrail: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      advancedEventSelector: eventSelectors(this.landscape),
      // Insights follow from management events, which the selectors name.
      ...(insights.length > 0 && {
        insightSelector: insights.map((kind) => ({ insightType: insightTypes[kind] })),
      }),
    });
  }
}

const insightTypes: Readonly<Record<InsightKind, string>> = {
  "api-call-rate": "ApiCallRateInsight",
  "api-error-rate": "ApiErrorRateInsight",
};

const data = (name: string, type: string, ...more: FieldSelector[]): CloudtrailAdvancedEventSelector => ({
  name,
  fieldSelector: [
    { field: "eventCategory", equalTo: ["Data"] },
    { field: "resources.type", equalTo: [type] },
    ...more,
  ],
});

/**
 * What the trail records. With advanced selectors, management events stop unless one of them names them.
 * Source: "Logging data events" and "Logging management events" (AWS CloudTrail user guide).
 */
export function eventSelectors(landscape: Landscape): CloudtrailAdvancedEventSelector[] {
  return [
    { name: "management", fieldSelector: [{ field: "eventCategory", equalTo: ["Management"] }] },
    tampering(landscape),
    ...(landscape.forensics ? ofEvidence(landscape, landscape.forensics) : []),
    ...landscape.logging.dataEvents.map((kind) => dataEventSelector(landscape, kind)),
    ...landscape.logging.networkEvents.map(networkEventSelector),
  ];
}

/** One selector a service: the source takes one value. Source: "Logging network activity events". */
const networkEventSelector = (service: NetworkEventSource): CloudtrailAdvancedEventSelector => ({
  name: `network-${service}`,
  fieldSelector: [
    { field: "eventCategory", equalTo: ["NetworkActivity"] },
    { field: "eventSource", equalTo: [`${service}.amazonaws.com`] },
  ],
});

const logBucketObjects = (landscape: Landscape) =>
  logKindsOf(landscape).map((kind) => objectArns(landscape, kind));

/** Whoever tries to remove a log, or to weaken its lock, is recorded whatever data events are chosen. */
const tampering = (landscape: Landscape): CloudtrailAdvancedEventSelector =>
  data(
    "tampering-with-logs",
    "AWS::S3::Object",
    { field: "resources.ARN", startsWith: logBucketObjects(landscape) },
    {
      field: "eventName",
      equalTo: ["DeleteObject", "DeleteObjects", "PutObjectLegalHold", "PutObjectRetention"],
    },
  );

/** Who has read or written evidence, and who has had the custodian sign: manifests say what the caller said. */
const ofEvidence = (landscape: Landscape, forensics: Forensics): CloudtrailAdvancedEventSelector[] => [
  data("evidence", "AWS::S3::Object", {
    field: "resources.ARN",
    startsWith: evidenceRegions(landscape, forensics).map((region) =>
      objectArns(landscape, "evidence", region),
    ),
  }),
  data("custody", "AWS::Lambda::Function", {
    field: "resources.ARN",
    equalTo: [custodyFunctionArn(landscape)],
  }),
];

function dataEventSelector(landscape: Landscape, kind: DataEventKind): CloudtrailAdvancedEventSelector {
  const readOnly = (value: boolean): FieldSelector => ({ field: "readOnly", equalTo: [String(value)] });
  // The delivery of a log is itself a write: recording it would record the recording, without end.
  const outsideLogBuckets: FieldSelector = {
    field: "resources.ARN",
    notStartsWith: logBucketObjects(landscape),
  };
  switch (kind) {
    case "s3-write":
      return data(kind, "AWS::S3::Object", readOnly(false), outsideLogBuckets);
    case "s3-read":
      return data(kind, "AWS::S3::Object", readOnly(true), outsideLogBuckets);
    case "lambda-invoke":
      return data(kind, "AWS::Lambda::Function");
    case "dynamodb-write":
      return data(kind, "AWS::DynamoDB::Table", readOnly(false));
  }
}
