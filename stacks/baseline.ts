import { CloudformationStack } from "@cdktf/provider-aws/lib/cloudformation-stack";
import { CloudformationStackSet } from "@cdktf/provider-aws/lib/cloudformation-stack-set";
import { CloudformationStackSetInstance } from "@cdktf/provider-aws/lib/cloudformation-stack-set-instance";
import type { Construct } from "constructs";
import { globalBaseline } from "../baseline/global";
import { regionalBaseline } from "../baseline/regional";
import { hubParameter } from "../baseline/template";
import { KitStack, type KitStackProps } from "../constructs/kit-stack";
import { literalJson } from "../constructs/terraform-text";
import { baselineRegions, type Landscape, type OrganizationalUnit } from "../landscape/model";
import { accountId, type BaselineScope, baselineName } from "../landscape/names";

const templates = { global: globalBaseline, regional: regionalBaseline } as const;

const parameters = (landscape: Landscape) => ({ [hubParameter]: accountId(landscape.hub) });

const bodies = new WeakMap<Landscape, Map<BaselineScope, string>>();

/** Without StackSets every account and region carries the same text: it is written once for a landscape. */
function templateBody(landscape: Landscape, scope: BaselineScope): string {
  const known = bodies.get(landscape) ?? new Map<BaselineScope, string>();
  bodies.set(landscape, known);
  const body = known.get(scope) ?? literalJson(templates[scope](landscape));
  known.set(scope, body);
  return body;
}

/**
 * The baseline of all member accounts, those that come later included, by two service-managed StackSets.
 *
 * Owned by the management account: a StackSets delegate would be administrator of every member.
 */
export class BaselineStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    this.createStackSet("global", [landscape.homeRegion]);
    this.createStackSet("regional", baselineRegions(landscape));
  }

  private createStackSet(scope: BaselineScope, regions: readonly string[]): void {
    const stackSet = new CloudformationStackSet(this, scope, {
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
      templateBody: templateBody(this.landscape, scope),
      // Service-managed StackSets have no administration role; AWS reports one all the same.
      lifecycle: { ignoreChanges: ["administration_role_arn"] },
    });
    for (const region of regions) this.deploy(stackSet, scope, region);
  }

  /** One deployment a region, so that adding or removing a region touches no other. */
  private deploy(stackSet: CloudformationStackSet, scope: BaselineScope, region: string): void {
    const instance = new CloudformationStackSetInstance(this, `${scope}-${region}`, {
      stackSetName: stackSet.name,
      deploymentTargets: { organizationalUnitIds: targets(this.landscape) },
      operationPreferences: {
        regionConcurrencyType: "PARALLEL",
        failureTolerancePercentage: 25,
        maxConcurrentPercentage: 25,
      },
    });
    // The same argument means the target region in provider 5 and 6; the typed one is unknown to 5.100.
    instance.addOverride("region", region);
  }
}

/** Units that no other listed unit contains: a target covers everything below it. */
function targets({ organizationalUnits }: Landscape): string[] {
  const paths = organizationalUnits.map((unit) => unit.path);
  const outermost = ({ path }: OrganizationalUnit) => !paths.some((other) => path.startsWith(`${other}/`));
  return organizationalUnits
    .filter(outermost)
    .flatMap(({ id }) => (id === undefined ? [] : [id]))
    .sort();
}

/** The same templates in one account, by an ordinary CloudFormation stack. */
export class AccountBaselineStack extends KitStack {
  constructor(scope: Construct, name: string, props: KitStackProps & { readonly scope: BaselineScope }) {
    super(scope, name, props);
    new CloudformationStack(this, "baseline", {
      name: baselineName(props.landscape, props.scope),
      capabilities: ["CAPABILITY_NAMED_IAM"],
      parameters: parameters(props.landscape),
      templateBody: templateBody(props.landscape, props.scope),
    });
  }
}
