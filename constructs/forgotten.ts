import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Stands in the place of a resource that is given up, or that is a part of another since a later release, so that its
 * address is known: Terraform is to forget it, and not to destroy it.
 */
export class Forgotten extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly type: string,
  ) {
    super(scope, id);
  }

  /** Address that the resource has had in its stack. */
  get address(): string {
    return `${this.type}.${this.friendlyUniqueId}`;
  }
}
