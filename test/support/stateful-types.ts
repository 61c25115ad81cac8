import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

/** Terraform's name of what CloudFormation calls by another. */
const renamed: Readonly<Record<string, string>> = {
  aws_logs_log_group: "aws_cloudwatch_log_group",
  aws_dynamo_db_table: "aws_dynamodb_table",
};

/** `AWS::S3::Bucket` as `aws_s3_bucket`. */
const terraformType = (type: string): string => {
  const [, service = "", ...rest] = type.split("::");
  const resource = rest.join("").replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  const name = `aws_${service.toLowerCase()}_${resource.toLowerCase()}`;
  return renamed[name] ?? name;
};

/** Types of which AWS's resource model says that they hold what is lost with them. */
export const statefulTypes: ReadonlySet<string> = new Set(
  loadAwsServiceSpecSync()
    .all("resource")
    .filter(({ isStateful }) => isStateful)
    .map(({ cloudFormationType }) => terraformType(cloudFormationType)),
);
