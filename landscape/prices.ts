/** A list price of AWS in dollars. */
export interface Price {
  readonly id: string;
  readonly unit: string;
  /** By region; another region of the partition may differ by some tens of percent. */
  readonly dollars: Readonly<Record<"us-east-1" | "eu-west-1", number>>;
  readonly source: string;
  /** Year and month of the figure. */
  readonly dated: string;
}

const price = (
  id: string,
  unit: string,
  usEast1: number,
  euWest1: number,
  dated: string,
  source: string,
): Price => ({
  id,
  unit,
  dollars: { "us-east-1": usEast1, "eu-west-1": euWest1 },
  source,
  dated,
});

/** What the kit costs when nothing happens, and what the rest is counted by. */
export const prices = {
  kmsKey: price("kmsKey", "customer key, a month", 1, 1, "2026-06", "aws.amazon.com/kms/pricing"),
  alarm: price("alarm", "standard alarm, a month", 0.1, 0.1, "2026-09", "AWS Price List: AmazonCloudWatch"),
  endpointHour: price(
    "endpointHour",
    "interface endpoint in a zone, an hour",
    0.01,
    0.011,
    "2026-01",
    "aws.amazon.com/privatelink/pricing",
  ),
  unusedAccess: price(
    "unusedAccess",
    "role or user that unused access is looked for, a month",
    0.2,
    0.2,
    "2026-06",
    "aws.amazon.com/iam/access-analyzer/pricing",
  ),
  macieBucket: price(
    "macieBucket",
    "bucket that Macie looks at, a month",
    0.1,
    0.1,
    "2026-10",
    "aws.amazon.com/macie/pricing",
  ),
  transitions: price(
    "transitions",
    "1,000 state transitions",
    0.025,
    0.025,
    "2026-09",
    "AWS Price List: AmazonStates",
  ),
  functionSeconds: price(
    "functionSeconds",
    "GB-second of a function on Arm",
    0.0000133334,
    0.0000133334,
    "2026-10",
    "AWS Price List: AWSLambda",
  ),
  secondTrail: price(
    "secondTrail",
    "100,000 management events of a second trail",
    2,
    2,
    "2025-10",
    "aws.amazon.com/cloudtrail/pricing",
  ),
  athena: price("athena", "terabyte that Athena reads", 5, 5, "2026-05", "AWS Price List: AmazonAthena"),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceId = keyof typeof prices;
