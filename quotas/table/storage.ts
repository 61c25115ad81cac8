import type { Quota } from "../quota";

const sources = {
  kms: {
    title: "KMS resource quotas",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
  },
  s3: {
    title: "Bucket policies; General purpose bucket quotas (Amazon S3 user guide)",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html",
  },
  s3pol: {
    title: "Policies and permissions in Amazon S3: size of a bucket policy",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html",
  },
  s3name: {
    title: "General purpose bucket naming rules",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  },
  s3life: {
    title: "Lifecycle configuration elements: 1,000 rules a bucket",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
  },
  ddb: {
    title: "Naming rules in DynamoDB; Quotas in Amazon DynamoDB",
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html",
  },
  athena: {
    title: "Athena service quotas",
    url: "https://docs.aws.amazon.com/athena/latest/ug/service-limits.html",
  },
} as const;

export const storageQuotas = [
  {
    id: "bucket-name",
    service: "S3",
    what: "name of a bucket",
    limit: 63,
    least: 3,
    pattern: "[a-z0-9](?:[a-z0-9-]|\\.(?!\\.))*[a-z0-9]",
    unit: "characters",
    source: sources.s3name,
    certainty: "documented",
  },
  {
    id: "bucket-policy",
    service: "S3",
    what: "size of the policy of a bucket",
    limit: 20480,
    unit: "bytes",
    source: sources.s3pol,
    certainty: "documented",
  },
  {
    id: "buckets",
    service: "S3",
    what: "buckets in an account",
    limit: 10000,
    unit: "items",
    source: sources.s3,
    certainty: "documented",
    adjustable: "Service Quotas, S3",
    note: "100 before November 2024",
  },
  {
    id: "lifecycle-rules",
    service: "S3",
    what: "rules of the lifecycle of a bucket",
    limit: 1000,
    unit: "items",
    source: sources.s3life,
    certainty: "documented",
  },
  {
    id: "key-policy",
    service: "KMS",
    what: "size of a key policy",
    limit: 32768,
    unit: "bytes",
    source: sources.kms,
    certainty: "documented",
  },
  {
    id: "table-name",
    service: "DynamoDB",
    what: "name of a table",
    limit: 255,
    least: 3,
    pattern: "[A-Za-z0-9_.-]+",
    unit: "characters",
    source: sources.ddb,
    certainty: "documented",
  },
  {
    id: "named-query",
    service: "Athena",
    what: "size of a query",
    limit: 262144,
    unit: "bytes",
    source: sources.athena,
    certainty: "documented",
  },
] as const satisfies readonly Quota[];
