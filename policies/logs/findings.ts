import { accountRootArn, bucketArn, detectorsArn } from "../../landscape/arns";
import { isLost, type Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { type Condition, type Statement, services } from "../document";
import { administerKey, decryptForInvestigation } from "./key";

/** In opt-in regions GuardDuty calls under a principal of that region. */
function guardDuty(landscape: Landscape) {
  const optIn = landscape.partition.regions
    .filter(({ name, optIn }) => optIn && landscape.regions.includes(name))
    .map(({ name }) => `guardduty.${name}.amazonaws.com`);
  return services("guardduty.amazonaws.com", ...optIn);
}

/** The detectors of the security account, which exports for all accounts. */
const fromDelegatedAdministrator = (landscape: Landscape): Condition => ({
  StringEquals: { "aws:SourceAccount": accountId(landscape.accounts.security) },
  ArnLike: { "aws:SourceArn": detectorsArn(landscape, landscape.accounts.security) },
});

/** Source: "Exporting generated GuardDuty findings to Amazon S3 buckets" (Amazon GuardDuty user guide). */
export function findingsDelivery(landscape: Landscape): Statement[] {
  const bucket = bucketArn(landscape, "findings");
  return [
    {
      Sid: "GuardDutyLocatesBucket",
      Effect: "Allow",
      Principal: guardDuty(landscape),
      Action: ["s3:GetBucketLocation"],
      Resource: [bucket],
      Condition: fromDelegatedAdministrator(landscape),
    },
    {
      Sid: "GuardDutyDelivers",
      Effect: "Allow",
      Principal: guardDuty(landscape),
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/*`],
      Condition: fromDelegatedAdministrator(landscape),
    },
  ];
}

export function findingsKey(landscape: Landscape): Statement[] {
  return [
    administerKey(landscape, landscape.accounts.logArchive),
    {
      Sid: "GuardDutyEncrypts",
      Effect: "Allow",
      Principal: guardDuty(landscape),
      Action: ["kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: fromDelegatedAdministrator(landscape),
    },
    ...(isLost(landscape, landscape.accounts.security) ? [] : [administratorDescribesKey(landscape)]),
    decryptForInvestigation(landscape),
  ];
}

/** Whoever configures the export there asks for the key's ARN by its alias (ADR 18). */
const administratorDescribesKey = (landscape: Landscape): Statement => ({
  Sid: "AdministratorDescribes",
  Effect: "Allow",
  Principal: { AWS: [accountRootArn(landscape, landscape.accounts.security)] },
  Action: ["kms:DescribeKey"],
  Resource: ["*"],
});
