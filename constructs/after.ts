import { dependable, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

const resourcesIn = (construct: IConstruct): TerraformResource[] =>
  construct.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));

/**
 * Terraform makes every resource of the one after all of the others, and takes them away in reverse. It is for what
 * refers to the others by a name or an ARN that is known before; CDKTF does nothing with a construct's own
 * `node.addDependency` between resources.
 */
export function after(later: IConstruct, ...earlier: readonly IConstruct[]): void {
  const before = earlier.flatMap(resourcesIn).map(dependable);
  for (const resource of resourcesIn(later)) {
    resource.dependsOn = [...new Set([...(resource.dependsOn ?? []), ...before])];
  }
}
