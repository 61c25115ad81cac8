import type { Need } from "../shared/need";

/** What the function that tells of findings needs in the table of those that were told. */
export const toldNeeds: readonly Need[] = [
  { action: "dynamodb:DeleteItem", because: "a note is taken back where nobody could be told" },
  { action: "dynamodb:PutItem", because: "what is told is written down, if it is not there yet" },
];
