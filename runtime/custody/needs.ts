import type { Need } from "../shared/need";

/** What signing for evidence needs in the forensics account. */
export const pieceNeeds: readonly Need[] = [
  { action: "s3:GetObject", because: "whether a piece is there, and a manifest that another has written" },
  { action: "s3:GetObjectVersion", because: "the version that is signed for, and no later one" },
];
export const manifestNeeds: readonly Need[] = [
  { action: "s3:PutObject", because: "the manifest, which the bucket locks" },
];
export const headNeeds: readonly Need[] = [
  { action: "dynamodb:GetItem", because: "the manifest before" },
  { action: "dynamodb:PutItem", because: "the manifest that is now the last" },
];
export const signNeeds: readonly Need[] = [
  {
    action: "kms:GetPublicKey",
    because: "a manifest that another has written is followed only if it is signed",
  },
  { action: "kms:Sign", because: "only this function can: whoever makes a chain anew can't sign it" },
];
