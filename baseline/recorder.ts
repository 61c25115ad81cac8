import { bucketArn, keyAliasArn, rootArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId, bucketName, configRoleName, iamPath, keyOwner, recorderName } from "../landscape/names";
import { policyDocument, services } from "../policies/document";
import { deliveredToOwner } from "../policies/logs/config-history";
import {
  accountReference,
  hubAccountParameter,
  ref,
  sub,
  substituted,
  type Template,
  type TemplateResource,
} from "./template";

const region = "${AWS::Region}";

/** IAM is the same in every region: recorded once. */
const homeOnly = "Home";

/**
 * The recorder of an account and region, by itself: an account and region can have one, whoever made it, and AWS
 * refuses a second and everything that shares its template.
 */
export const recorderBaseline = (landscape: Landscape): Template => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "aws-ir-kit baseline, recorder: AWS Config records, and delivers to the log archive",
  Parameters: hubAccountParameter,
  Conditions: { [homeOnly]: { "Fn::Equals": [ref("AWS::Region"), landscape.homeRegion] } },
  Resources: recorder(landscape),
});

/**
 * Config's recorder, its channel and its role. The role is the kit's and not Config's own, which can't be made by a
 * template where it exists already; Security Hub's control Config.1 is told so. Recorder and channel wait for each
 * other inside AWS: neither may depend on the other here ("AWS::Config::ConfigurationRecorder").
 */
const recorder = (landscape: Landscape): Record<string, TemplateResource> => ({
  ConfigRole: {
    Type: "AWS::IAM::Role",
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
    Properties: {
      Name: recorderName(landscape),
      S3BucketName: bucketName(landscape, "config-history"),
      S3KmsKeyArn: keyAliasArn(landscape, "config-history"),
      ConfigSnapshotDeliveryProperties: { DeliveryFrequency: "TwentyFour_Hours" },
    },
  },
});

/** Source: "IAM Role Policy for your S3 Bucket" and the note on buckets of other accounts (AWS Config developer guide). */
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
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: [`${bucketArn(landscape, "config-history")}/AWSLogs/*`],
      Condition: deliveredToOwner(),
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
