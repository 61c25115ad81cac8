import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { PolicyDocument } from "../policies/document";
import { literalJson } from "./terraform-text";

export interface LogKeyProps {
  readonly alias: string;
  readonly description: string;
  readonly policy: PolicyDocument;
}

/** A key for logs. To delete it is to delete every log under it, so Terraform never does. */
export class LogKey extends Construct {
  readonly arn: string;
  readonly key: KmsKey;

  constructor(scope: Construct, id: string, { alias, description, policy }: LogKeyProps) {
    super(scope, id);
    this.key = new KmsKey(this, "key", {
      description,
      policy: literalJson(policy),
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      lifecycle: { preventDestroy: true },
    });
    new KmsAlias(this, "alias", { name: alias, targetKeyId: this.key.keyId });
    this.arn = this.key.arn;
  }
}
