import { bucketArn, keyAliasArn, rootArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId, bucketName, configRoleName, iamPath, keyOwner, recorderName } from "../landscape/names";
import { policyDocument, services } from "../policies/document";
import { accountReference, ref, sub, substituted, type TemplateResource } from "./template";

const region = "${AWS::Region}";

/** IAM is the same in every region: recorded once. */
export const homeOnly = "Home";
/** The baseline stands in one more region than is watched, where IAM's events come up. */
export const watchedOnly = "Watched";

export const recorderConditions = (landscape: Landscape): Readonly<Record<string, unknown>> => ({
  [homeOnly]: { "Fn::Equals": [ref("AWS::Region"), landscape.homeRegion] },
  [watchedOnly]: landscape.regions.includes(landscape.partition.globalEventRegion)
    ? { "Fn::Equals": ["always", "always"] }
    : { "Fn::Not": [{ "Fn::Equals": [ref("AWS::Region"), landscape.partition.globalEventRegion] }] },
});

/**
 * Config's recorder, its channel and its role. The role is the kit's and not Config's own, which can't be made by a
 * template where it exists already; Security Hub's control Config.1 is told so. Recorder and channel wait for each
 * other inside AWS: neither may depend on the other here ("AWS::Config::ConfigurationRecorder").
 */
export const recorder = (landscape: Landscape): Record<string, TemplateResource> => ({
  ConfigRole: {
    Type: "AWS::IAM::Role",
    Condition: watchedOnly,
    Properties: {
      RoleName: sub(configRoleName(landscape, region)),
      Path: iamPath(landscape),
      Description: "AWS Config records resources and delivers their history to the log archive.",
      AssumeRolePolicyDocument: substituted(
        policyDocument([
          {
            Sid: "Config",
            Effect: "Allow",
            Principal: services("config.amazonaws.com"),
            Action: ["sts:AssumeRole"],
            Condition: { StringEquals: { "aws:SourceAccount": accountReference } },
          },
        ]),
      ),
      ManagedPolicyArns: [`arn:${landscape.partition.name}:iam::aws:policy/service-role/AWS_ConfigRole`],
      Policies: [{ PolicyName: "deliver", PolicyDocument: deliver(landscape) }],
    },
  },
  ConfigRecorder: {
    Type: "AWS::Config::ConfigurationRecorder",
    Condition: watchedOnly,
    Properties: {
      Name: recorderName(landscape),
      RoleARN: { "Fn::GetAtt": ["ConfigRole", "Arn"] },
      RecordingGroup: {
        AllSupported: true,
        IncludeGlobalResourceTypes: { "Fn::If": [homeOnly, true, false] },
      },
    },
  },
  ConfigChannel: {
    Type: "AWS::Config::DeliveryChannel",
    Condition: watchedOnly,
    Properties: {
      Name: recorderName(landscape),
      S3BucketName: bucketName(landscape, "config-history"),
      S3KmsKeyArn: keyAliasArn(landscape, "config-history"),
      ConfigSnapshotDeliveryProperties: { DeliveryFrequency: "TwentyFour_Hours" },
    },
  },
});

const deliver = (landscape: Landscape) =>
  policyDocument([
    {
      Sid: "CheckBucket",
      Effect: "Allow",
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: [bucketArn(landscape, "config-history")],
    },
    {
      Sid: "Deliver",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${bucketArn(landscape, "config-history")}/AWSLogs/*`],
    },
    {
      Sid: "Encrypt",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [keysOfArchiveArn(landscape)],
      Condition: {
        StringEquals: {
          "kms:ViaService": `s3.${landscape.homeRegion}.${landscape.partition.dnsSuffix}`,
        },
      },
    },
  ]);

/** Which key is meant, the key's own policy says: an alias is no resource of IAM. */
const keysOfArchiveArn = (landscape: Landscape): string =>
  rootArn(landscape, accountId(keyOwner(landscape, "config-history")))
    .replace(":iam::", `:kms:${landscape.homeRegion}:`)
    .replace(/:root$/, ":key/*");
