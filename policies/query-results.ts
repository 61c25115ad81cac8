import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import { type PolicyDocument, policyDocument } from "./document";
import { bucketDenies } from "./logs/bucket";
import { administerKey } from "./logs/key";

/** Who there reads and writes answers, the hub's own policies say: Athena does both in the caller's name. */
export const queryResultsPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument(bucketDenies(landscape, "query-results"));

export const queryResultsKeyPolicy = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    administerKey(landscape, landscape.hub),
    {
      Sid: "ThroughS3",
      Effect: "Allow",
      Principal: "*",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": accountId(landscape.hub),
          "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
        },
      },
    },
  ]);
