import type { Quota } from "./quota";

/** What stands in one place, held against one quota. */
export interface Reading {
  readonly quota: Quota;
  /** Such as `guardrails: aws_organizations_policy.protect-kit content`. */
  readonly where: string;
  readonly used: number;
  /** Why AWS would refuse it though its size may be right. */
  readonly misfit?: string;
}

/** What is left of a quota, as a share of it; below zero where it is exceeded. */
export const left = ({ quota, used }: Reading): number => 1 - used / quota.limit;

/** Whether AWS would refuse it. */
export const isBroken = ({ quota, used, misfit: wrong }: Reading): boolean =>
  used > quota.limit || wrong !== undefined;
