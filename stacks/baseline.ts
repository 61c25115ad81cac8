import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { CloudformationStackSet } from "@cdktf/provider-aws/lib/cloudformation-stack-set";
import { CloudformationStackSetInstance } from "@cdktf/provider-aws/lib/cloudformation-stack-set-instance";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { type BaselinePart, baselineParts } from "../baseline/parts";
import { hubParameter } from "../baseline/template";
import { Forgotten } from "../constructs/forgotten";
import { KitStack, type KitStackProps } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import type { Landscape } from "../landscape/model";
import { accountId, type BaselineScope, baselineName } from "../landscape/names";
import { formerTargets, type TargetUnit, targetUnits } from "./baseline-targets";

const parameters = (landscape: Landscape) => ({ [hubParameter]: accountId(landscape.hub) });

interface WrittenPart extends Pick<BaselinePart, "scope" | "regions"> {
  readonly body: string;
}

const written = new WeakMap<Landscape, readonly WrittenPart[]>();

/** Without StackSets every account and region carries the same texts: they are written once for a landscape. */
function partsOf(landscape: Landscape): readonly WrittenPart[] {
  const parts =
    written.get(landscape) ??
    baselineParts(landscape).map(({ scope, regions, template }) => ({
      scope,
      regions,
      body: literalJson(template),
    }));
  written.set(landscape, parts);
  return parts;
}

/**
 * Minutes for an operation on the instances of one unit and region. AWS runs the operations of a StackSet one after
 * another, and Terraform has ten open at a time: the last waits for nine, half an hour each. A time-out that grew with
 * the number of units would change the instances of all units whenever one is added.
 */
const patience = "300m";

/** Addresses below the type, by part, unit and region. */
const instanceId = (scope: BaselineScope, unit: TargetUnit, region: string) =>
  `${scope}-${unit.id}-${region}`;

/**
 * The baseline of all member accounts, those that come later included, by service-managed StackSets.
 *
 * Owned by the management account: a StackSets delegate would be administrator of every member.
 */
export class BaselineStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    let before: ITerraformDependable[] = [];
    for (const part of partsOf(landscape)) {
      const stackSet = this.createStackSet(part);
      for (const unit of targetUnits(landscape))
        for (const region of part.regions) this.deploy(stackSet, part.scope, unit, region, before);
      // What moved from one part into another goes there before it comes here, under the same name.
      if (part.scope === "regional") before = [stackSet];
    }
    for (const id of this.formerInstances()) new Forgotten(this, id, "aws_cloudformation_stack_set_instance");
  }

  private createStackSet({ scope, body }: WrittenPart): CloudformationStackSet {
    return new CloudformationStackSet(this, scope, {
      name: baselineName(this.landscape, scope),
      description: `aws-ir-kit baseline, ${scope}`,
      permissionModel: "SERVICE_MANAGED",
      // An account that is moved out of its unit during an incident keeps its responders' roles and its alarms.
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
      // One account that fails, as a sealed one does, must not stop the others; AWS's own default is that it does.
      operationPreferences: {
        regionConcurrencyType: "PARALLEL",
        failureTolerancePercentage: 90,
        maxConcurrentPercentage: 100,
      },
      managedExecution: { active: true },
      capabilities: ["CAPABILITY_NAMED_IAM"],
      parameters: parameters(this.landscape),
      templateBody: body,
      timeouts: { update: patience },
      // Service-managed StackSets have no administration role; AWS reports one all the same.
      lifecycle: { ignoreChanges: ["administration_role_arn"] },
    });
  }

  /**
   * One resource a unit and region, so that none touches another when it comes or goes (ADR 28).
   *
   * Terraform destroys and makes anew what failed while it was made. So nothing that happens in an account fails the
   * operation, and where one fails all the same (stopped, or out of time), Terraform refuses to go on, and says so.
   */
  private deploy(
    stackSet: CloudformationStackSet,
    scope: BaselineScope,
    unit: TargetUnit,
    region: string,
    dependsOn: ITerraformDependable[],
  ): void {
    const instance = new CloudformationStackSetInstance(this, instanceId(scope, unit, region), {
      stackSetName: stackSet.name,
      deploymentTargets: { organizationalUnitIds: [unit.id] },
      operationPreferences: {
        regionConcurrencyType: "PARALLEL",
        failureTolerancePercentage: 100,
        maxConcurrentPercentage: 100,
      },
      // Whatever takes an instance out of its StackSet takes nothing out of an account.
      retainStack: true,
      timeouts: { create: patience, update: patience, delete: patience },
      lifecycle: {
        preventDestroy: true,
        // The unit's id is in the address; after an import the provider knows no targets and would replace. It sends
        // changed preferences to the unit as to an account, which AWS refuses (hashicorp/terraform-provider-aws#40675).
        ignoreChanges: ["deployment_targets", "operation_preferences"],
      },
      ...(dependsOn.length > 0 && { dependsOn }),
    });
    // The same argument means the target region in provider 5 and 6; the typed one is unknown to 5.100.
    instance.addOverride("region", region);
  }

  /**
   * Instances that stood under other addresses: those of all units at once, until 0.1.0, and those of units that a
   * listed unit contains by now. AWS leaves out what stands already when the new addresses are made (ADR 28).
   */
  private formerInstances(): string[] {
    const parts = partsOf(this.landscape);
    return [
      ...parts
        .filter(({ scope }) => scope === "global" || scope === "regional")
        .flatMap(({ scope, regions }) => regions.map((region) => `${scope}-${region}`)),
      ...parts.flatMap(({ scope, regions }) =>
        formerTargets(this.landscape).flatMap((unit) =>
          regions.map((region) => instanceId(scope, unit, region)),
        ),
      ),
    ];
  }
}

/** What an account has by itself, and what it has in each region. */
export type BaselinePlace = "account" | "region";

/** The same templates in one account, by ordinary CloudFormation stacks. */
export class AccountBaselineStack extends KitStack {
  constructor(scope: Construct, name: string, props: KitStackProps & { readonly place: BaselinePlace }) {
    super(scope, name, props);
    const [first, ...others] = partsOf(props.landscape).filter(
      (part) =>
        (part.scope === "global") === (props.place === "account") && part.regions.includes(props.region),
    );
    if (!first) return;
    const baseline = this.createStack("baseline", first);
    for (const part of others) this.createStack(part.scope, part, [baseline]);
  }

  private createStack(id: string, { scope, body }: WrittenPart, dependsOn: ITerraformDependable[] = []) {
    return new CloudformationStack(this, id, {
      name: baselineName(this.landscape, scope),
      capabilities: ["CAPABILITY_NAMED_IAM"],
      parameters: parameters(this.landscape),
      templateBody: body,
      ...(dependsOn.length > 0 && { dependsOn }),
    });
  }
}
