import { bucketArn } from "../../landscape/arns";
import {
  custodyLogGroupArn,
  custodyTableArn,
  evidenceBucketsArn,
  forensicKeysArn,
} from "../../landscape/evidence-arns";
import { manifestsPrefix } from "../../landscape/evidence-prefixes";
import type { Landscape } from "../../landscape/model";
import { custodyKeyAliasName, evidenceKeyAliasName, signingKeyAliasName } from "../../landscape/names";
import { headNeeds, manifestNeeds, pieceNeeds, signNeeds } from "../../runtime/custody/needs";
import { actionsOf, type Permission, underAlias } from "../tasks/task";
import { through } from "./parties";

/** What the custodian's function may do: look at evidence, sign for it, and say which manifest is the last. */
export const custodianPermissions = (landscape: Landscape): Permission[] => [
  {
    id: "LookAtPieces",
    because: "it signs for what is there, and for nothing else",
    actions: actionsOf(pieceNeeds),
    resources: [`${evidenceBucketsArn(landscape)}/*`],
  },
  {
    id: "TellWhatIsMissing",
    because: "without it S3 says of what is not there that access is denied, as it does of a fault",
    actions: ["s3:ListBucket"],
    resources: [evidenceBucketsArn(landscape)],
  },
  {
    id: "WriteManifests",
    because: "below the prefix that nobody else may write to",
    actions: actionsOf(manifestNeeds),
    resources: [`${bucketArn(landscape, "evidence")}/${manifestsPrefix}*`],
  },
  {
    id: "EvidenceKeys",
    because: "evidence and manifests lie under the evidence key of their region",
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    resources: [forensicKeysArn(landscape)],
    conditions: {
      ...underAlias(evidenceKeyAliasName(landscape)),
      StringLike: through(landscape, "s3", "*"),
    },
  },
  {
    id: "Sign",
    because: "the signature is what makes a manifest one",
    actions: actionsOf(signNeeds),
    resources: [forensicKeysArn(landscape, landscape.homeRegion)],
    conditions: underAlias(signingKeyAliasName(landscape)),
  },
  {
    id: "KnowTheLast",
    because: "each manifest names the one before, and a missing one is noticed",
    actions: actionsOf(headNeeds),
    resources: [custodyTableArn(landscape)],
  },
  {
    id: "TableKey",
    because: "DynamoDB reads and writes under the key in the caller's name",
    actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
    resources: [forensicKeysArn(landscape, landscape.homeRegion)],
    conditions: {
      ...underAlias(custodyKeyAliasName(landscape)),
      StringEquals: through(landscape, "dynamodb", landscape.homeRegion),
    },
  },
  {
    id: "WriteLog",
    because: "the function's own log",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [custodyLogGroupArn(landscape), `${custodyLogGroupArn(landscape)}:log-stream:*`],
  },
];
