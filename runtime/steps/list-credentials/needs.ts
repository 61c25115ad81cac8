import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:ListAccessKeys", because: "every key of the user, not only the one that leaked" },
  { action: "iam:GetAccessKeyLastUsed", because: "where and when each key was last used" },
  { action: "iam:ListSSHPublicKeys", because: "keys to repositories" },
  { action: "iam:ListSigningCertificates", because: "certificates with which requests are signed" },
  { action: "iam:ListServiceSpecificCredentials", because: "passwords and keys of single services" },
  { action: "iam:GetLoginProfile", because: "whether the user can sign in to the console" },
  { action: "iam:ListMFADevices", because: "devices that an attacker may have added" },
];
