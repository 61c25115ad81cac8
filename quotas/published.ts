import published from "./published.json";
import type { Quota } from "./quota";

/** Name of a member of AWS's API, such as `iam:CreateRole.RoleName`. */
export type PublishedId = Exclude<keyof typeof published, "botocore">;

interface Constraints {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

const services: Readonly<Record<string, string>> = {
  accessanalyzer: "Access Analyzer",
  athena: "Athena",
  cloudformation: "CloudFormation",
  cloudtrail: "CloudTrail",
  cloudwatch: "CloudWatch",
  config: "Config",
  dynamodb: "DynamoDB",
  ec2: "EC2",
  events: "EventBridge",
  glue: "Glue",
  iam: "IAM",
  kms: "KMS",
  lambda: "Lambda",
  logs: "CloudWatch Logs",
  organizations: "Organizations",
  route53resolver: "Route 53 Resolver",
  "sso-admin": "Identity Center",
  ssm: "Systems Manager",
};

/** What AWS's models of its APIs say: lengths and patterns, as botocore has them. */
export const publishedQuotas = (Object.keys(published) as (keyof typeof published)[])
  .filter((id): id is PublishedId => id !== "botocore")
  .map((id): Quota & { readonly id: PublishedId } => {
    const { min, max, pattern }: Constraints = published[id];
    const [service = "", member = ""] = id.split(":");
    return {
      id,
      service: services[service] ?? service,
      what: member,
      limit: max ?? Number.POSITIVE_INFINITY,
      ...(min !== undefined && { least: min }),
      ...(pattern !== undefined && { pattern }),
      unit: "characters",
      source: {
        title: `botocore ${published.botocore}, model of ${service}`,
        url: `https://github.com/boto/botocore/tree/develop/botocore/data/${service}`,
      },
      certainty: "published",
    };
  });
