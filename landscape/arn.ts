import type { Landscape } from "./model";

/** An ARN of the landscape's partition; only the files that name the kit's ARNs spell one. */
export const arn = (
  landscape: Landscape,
  service: string,
  region: string,
  account: string,
  resource: string,
): string => `arn:${landscape.partition.name}:${service}:${region}:${account}:${resource}`;
