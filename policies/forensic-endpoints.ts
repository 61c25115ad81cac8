import { bucketArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import { accountId, bucketName } from "../landscape/names";
import { type PolicyDocument, policyDocument, type Statement } from "./document";

/**
 * What the forensic network reaches by interface endpoints, and which calls pass them. The SSM agent's are those of
 * "ec2messages, ssmmessages, and other API operations" (AWS Systems Manager user guide); captured images with older
 * agents still use `ec2messages`.
 */
export const endpointServices = {
  ec2: ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeTags", "ec2:DescribeVolumes"],
  ebs: ["ebs:GetSnapshotBlock", "ebs:ListChangedBlocks", "ebs:ListSnapshotBlocks"],
  ec2messages: [
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
  ],
  kms: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
  logs: ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
  ssm: [
    "ssm:DescribeAssociation",
    "ssm:DescribeDocument",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetDocument",
    "ssm:GetManifest",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:PutInventory",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
  ],
  ssmmessages: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  sts: ["sts:GetCallerIdentity"],
} as const;
export type EndpointService = keyof typeof endpointServices;
export const endpointServiceNames = Object.keys(endpointServices).sort() as EndpointService[];

/** Only who belongs to the forensics account: credentials that a sample brought along pass no endpoint. */
const ofForensics = ({ accounts }: Landscape): Record<string, string> => ({
  "aws:PrincipalAccount": accountId(accounts.forensics),
});

/** The policy of an interface endpoint. */
export const interfaceEndpointPolicy = (landscape: Landscape, service: EndpointService): PolicyDocument =>
  policyDocument([
    {
      Sid: "OfForensics",
      Effect: "Allow",
      Principal: "*",
      Action: endpointServices[service],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          ...ofForensics(landscape),
          // Keys, logs and snapshots of nobody else; the others' calls name no resource, or the agent's own.
          ...(["ebs", "kms", "logs"].includes(service) && {
            "aws:ResourceAccount": accountId(landscape.accounts.forensics),
          }),
        },
      },
    },
  ]);

/**
 * Buckets of AWS from which the SSM agent updates itself and takes documents. Source: "SSM Agent communications with
 * AWS managed S3 buckets" (AWS Systems Manager user guide).
 */
export const agentBuckets = (region: string): string[] => [
  `amazon-ssm-${region}`,
  `amazon-ssm-packages-${region}`,
  `aws-ssm-${region}`,
  `aws-ssm-document-attachments-${region}`,
  `aws-windows-downloads-${region}`,
  `${region}-birdwatcher-prod`,
];

/** The policy of the gateway endpoint to S3: the kit's two buckets for the account's own, and the agent's. */
export const gatewayEndpointPolicy = (landscape: Landscape, region: string): PolicyDocument => {
  const { partition } = landscape;
  const buckets = (["evidence", "tools"] as const).map((kind) => bucketArn(landscape, kind, region));
  const own: Statement = {
    Sid: "EvidenceAndTools",
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject"],
    Resource: [...buckets, ...buckets.map((bucket) => `${bucket}/*`)],
    Condition: {
      StringEquals: {
        ...ofForensics(landscape),
        "aws:ResourceAccount": accountId(landscape.accounts.forensics),
      },
    },
  };
  return policyDocument([
    own,
    {
      Sid: "AgentsOwn",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject"],
      Resource: agentBuckets(region).map((bucket) => `arn:${partition.name}:s3:::${bucket}/*`),
    },
  ]);
};

/** Names that the forensic network's Resolver answers, and no other: those of endpoints and of buckets. */
export function answeredNames(landscape: Landscape, region: string): string[] {
  const domain = `${region}.${landscape.partition.dnsSuffix}`;
  const buckets = [
    ...(["evidence", "tools"] as const).map((kind) => bucketName(landscape, kind, region)),
    ...agentBuckets(region),
  ];
  return [
    ...endpointServiceNames.map((service) => `${service}.${domain}`),
    ...buckets.map((bucket) => `${bucket}.s3.${domain}`),
    `s3.${domain}`,
  ].sort();
}
