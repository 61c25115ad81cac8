import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/**
 * Stands once its stack is applied: data sources that depend on it are read then, and not before.
 *
 * CDKTF's own `DataResource` starts `terraform version` at each synthesis, once for every one that a stack has: that
 * took as long as all the rest of a synthesis, and refused to synthesize where there is no Terraform. Which version a
 * stack needs stands in its configuration (`required_version`), and Terraform keeps to it.
 */
export class WhenApplied extends TerraformResource {
  constructor(scope: Construct) {
    super(scope, "when-applied", {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: { reads: "at apply" } };
  }
}
