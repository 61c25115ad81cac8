import type { Need } from "../shared/need";

/** What functions need in the hub's account, whichever step they run. */
export const ledgerNeeds: readonly Need[] = [
  { action: "dynamodb:GetItem", because: "an entry of the ledger, before it is settled" },
  { action: "dynamodb:PutItem", because: "an entry is written before each change and after it" },
  { action: "dynamodb:Query", because: "what this case has changed already" },
];

/** One writer of cuts at a time: Organizations has no conditional update. */
export const lockNeeds: readonly Need[] = [
  { action: "dynamodb:DeleteItem", because: "the lock is given back" },
  { action: "dynamodb:PutItem", because: "the lock is taken, if nobody holds it" },
];

export const cutNeeds: readonly Need[] = [
  { action: "organizations:DescribePolicy", because: "what is cut already, and whether the change arrived" },
  { action: "organizations:UpdatePolicy", because: "the text of this one policy, which can only deny" },
];
