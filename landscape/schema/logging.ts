import { Type } from "@sinclair/typebox";
import { closed, literals, owners } from "./texts";

export const dataEventKinds = ["s3-write", "s3-read", "lambda-invoke", "dynamodb-write"] as const;

/** Services whose calls through VPC endpoints CloudTrail can record. Source: "Logging network activity events". */
export const networkEventSources = ["cloudtrail", "ec2", "kms", "s3", "secretsmanager"] as const;

/** Source: "Working with CloudTrail Insights" (AWS CloudTrail user guide). */
export const insightKinds = ["api-call-rate", "api-error-rate"] as const;

export const Logging = Type.Object(
  {
    owner: Type.Optional(literals(owners, "existing: the organization has its own trail and log buckets")),
    retentionDays: Type.Optional(
      Type.Integer({
        minimum: 90,
        maximum: 3653,
        description: "Days that logs are kept",
        errorMessage: "is not a number of days from 90 to 3653",
      }),
    ),
    lock: Type.Optional(
      literals(
        ["governance", "compliance"] as const,
        "Object Lock: compliance can't be undone by anyone, root included",
      ),
    ),
    lockDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3653,
        description: "Days that a log can't be deleted; the retention where left out",
        errorMessage: "is not a number of days from 1 to 3653",
      }),
    ),
    acknowledgeIrreversible: Type.Optional(Type.Boolean({ description: "Needed for lock: compliance" })),
    archiveAfterDays: Type.Optional(
      Type.Integer({
        minimum: 30,
        maximum: 3653,
        description: "Days until logs move to S3 Glacier Instant Retrieval",
        errorMessage: "is not a number of days from 30 to 3653",
      }),
    ),
    dataEvents: Type.Optional(
      Type.Array(literals(dataEventKinds, "Data events that the trail records, beside management events"), {
        uniqueItems: true,
        errorMessage: "is not a list of distinct kinds of data events",
      }),
    ),
    networkEvents: Type.Optional(
      Type.Array(
        literals(
          networkEventSources,
          "Services whose calls through VPC endpoints the trail records, denied ones too",
        ),
        { uniqueItems: true, errorMessage: "is not a list of distinct services" },
      ),
    ),
    insights: Type.Optional(
      Type.Array(
        literals(insightKinds, "Unusual rates of calls or errors, of which CloudTrail makes events"),
        {
          uniqueItems: true,
          errorMessage: "is not a list of distinct kinds of insights",
        },
      ),
    ),
  },
  closed,
);
