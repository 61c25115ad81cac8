import type { Need } from "../../shared/need";

export const needs: readonly Need[] = [
  { action: "iam:ListAccessKeys", because: "each key's status before and after" },
  { action: "iam:UpdateAccessKey", because: "keys stay as evidence, and work no more" },
  { action: "iam:ListSSHPublicKeys", because: "each key's status before and after" },
  { action: "iam:UpdateSSHPublicKey", because: "keys stay as evidence, and work no more" },
  { action: "iam:ListSigningCertificates", because: "each certificate's status before and after" },
  { action: "iam:UpdateSigningCertificate", because: "certificates stay as evidence, and work no more" },
  { action: "iam:ListServiceSpecificCredentials", because: "each credential's status before and after" },
  {
    action: "iam:UpdateServiceSpecificCredential",
    because: "credentials stay as evidence, and work no more",
  },
];
