/**
 * What differs between the AWS partitions, as a table.
 *
 * Sources: "AWS partitions" and "Specify which AWS Regions your account can use" (AWS Account Management guide),
 * "Amazon Resource Names" and "Logging IAM and STS API calls with CloudTrail" (IAM user guide).
 */
export interface Region {
  readonly name: string;
  /** Opt-in regions are off until an account enables them, and some services use a principal of their own there. */
  readonly optIn: boolean;
}

export interface Partition {
  readonly name: PartitionName;
  readonly dnsSuffix: string;
  /** The region in which IAM, Organizations and other global services emit their events. */
  readonly globalEventRegion: string;
  readonly regions: readonly Region[];
}

export const partitionNames = ["aws", "aws-us-gov", "aws-cn"] as const;
export type PartitionName = (typeof partitionNames)[number];

const open = (...names: string[]): Region[] => names.map((name) => ({ name, optIn: false }));
const optIn = (...names: string[]): Region[] => names.map((name) => ({ name, optIn: true }));

export const partitions: Readonly<Record<PartitionName, Partition>> = {
  aws: {
    name: "aws",
    dnsSuffix: "amazonaws.com",
    globalEventRegion: "us-east-1",
    regions: [
      ...open("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
      ...open("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
      ...open(
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
      ),
      ...optIn("af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4"),
      ...optIn(
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
      ),
      ...optIn("eu-south-2", "il-central-1", "me-central-1", "me-south-1", "mx-central-1"),
    ],
  },
  "aws-us-gov": {
    name: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    globalEventRegion: "us-gov-west-1",
    regions: open("us-gov-east-1", "us-gov-west-1"),
  },
  "aws-cn": {
    name: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    globalEventRegion: "cn-north-1",
    regions: open("cn-north-1", "cn-northwest-1"),
  },
};
