import { accountRootArn, bucketArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { type BucketKind, organizationId } from "../../landscape/names";
import type { Statement } from "../document";

/**
 * What every bucket of the kit refuses, whoever asks.
 *
 * The strangers' deny exempts services, which carry no organization of a principal; each service that may write is
 * named, with its source, by an allow of its own. Source: "Data perimeters on AWS", and the AWS Security Reference
 * Architecture's organization trail bucket.
 */
export function bucketDenies(landscape: Landscape, kind: BucketKind, region?: string): Statement[] {
  const bucket = bucketArn(landscape, kind, region);
  const everything = [bucket, `${bucket}/*`];
  return [
    {
      Sid: "DenyPlaintext",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOutdatedTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
    {
      Sid: "DenyStrangers",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: everything,
      Condition: {
        StringNotEquals: { "aws:PrincipalOrgID": organizationId(landscape) },
        Bool: { "aws:PrincipalIsAWSService": "false" },
      },
    },
  ];
}

/** Governance retention is only as strong as the right to bypass it: nobody has it. */
export function denyBypassingLock(landscape: Landscape, kind: BucketKind, region?: string): Statement {
  return {
    Sid: "DenyBypassingTheLock",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:BypassGovernanceRetention"],
    Resource: [`${bucketArn(landscape, kind, region)}/*`],
  };
}

/** The security account's own policies decide who there reads logs; those of other accounts decide nothing. */
export function allowInvestigation(landscape: Landscape, kind: BucketKind): Statement[] {
  const reader = { AWS: [accountRootArn(landscape, landscape.hub)] };
  const bucket = bucketArn(landscape, kind);
  return [
    {
      Sid: "ListForInvestigation",
      Effect: "Allow",
      Principal: reader,
      Action: ["s3:GetBucketLocation", "s3:ListBucket"],
      Resource: [bucket],
    },
    {
      Sid: "ReadForInvestigation",
      Effect: "Allow",
      Principal: reader,
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: [`${bucket}/*`],
    },
  ];
}
