import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import type { Construct } from "constructs";
import type { LogKeyProps } from "./log-key";
import { literalJson } from "./terraform-text";

/** A stack's own key for what need not outlive the stack; what is evidence lies under a `LogKey`. */
export function removableKey(scope: Construct, { alias, description, policy }: LogKeyProps): KmsKey {
  const key = new KmsKey(scope, "key", {
    description,
    policy: literalJson(policy),
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  new KmsAlias(scope, "key-alias", { name: alias, targetKeyId: key.keyId });
  return key;
}
