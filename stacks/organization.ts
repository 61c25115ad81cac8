import { DataAwsOrganizationsOrganization } from "@cdktf/provider-aws/lib/data-aws-organizations-organization";
import { OrganizationsAccount } from "@cdktf/provider-aws/lib/organizations-account";
import { OrganizationsOrganizationalUnit } from "@cdktf/provider-aws/lib/organizations-organizational-unit";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import {
  type Account,
  isCreated,
  type Landscape,
  listedAccounts,
  type OrganizationalUnit,
} from "../landscape/model";
import { accountKey, unitKey } from "../landscape/names";
import { trustedServices } from "../landscape/services";
import { accountTags, unitTags } from "../landscape/tags";

/**
 * Organizational units and accounts that the kit makes; those that exist are referenced and left alone.
 *
 * What the organization has only once (trusted access, RAM sharing, central root access, contacts) is switched on by
 * `ir-kit bootstrap`, which adds and never removes; here it is only asserted (ADR 0007).
 */
export class OrganizationStack extends KitStack {
  private readonly organization: DataAwsOrganizationsOrganization;
  private readonly units = new Map<string, OrganizationsOrganizationalUnit>();

  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    this.organization = this.readOrganization();
    for (const unit of unitsToMake(landscape)) this.createUnit(unit);
    for (const account of listedAccounts(landscape).filter(isCreated)) this.createAccount(account);
  }

  private readOrganization(): DataAwsOrganizationsOrganization {
    const organization = new DataAwsOrganizationsOrganization(this, "organization", {});
    const self = "data.aws_organizations_organization.organization";
    const { id } = this.landscape.organization;
    organization.addOverride("lifecycle.postcondition", [
      {
        condition: '${self.feature_set == "ALL"}',
        error_message: "The organization has consolidated billing only; enable all features first.",
      },
      ...(id === undefined
        ? []
        : [
            {
              condition: `\${self.id == "${id}"}`,
              error_message: `These credentials belong to another organization than ${id}, which the landscape names.`,
            },
            ...trustedServices(this.landscape).map(({ principal, because }) => ({
              condition: `\${contains(self.aws_service_access_principals, "${principal}")}`,
              error_message: `Trusted access of ${principal} is off (${because}). Run: npx ir-kit bootstrap`,
            })),
          ]),
    ]);
    organization.overrideLogicalId("organization");
    this.output("organization_id", `\${${self}.id}`);
    this.output("root_id", `\${${self}.roots[0].id}`);
    return organization;
  }

  private createUnit(unit: OrganizationalUnit): void {
    const resource = new OrganizationsOrganizationalUnit(this, unitKey(unit.path), {
      name: unit.name,
      parentId: this.unitId(unit.parent),
      tags: unitTags(unit),
      lifecycle: { preventDestroy: true },
    });
    this.units.set(unit.path, resource);
    this.output(idOutput(unitKey(unit.path)), resource.id);
  }

  /** Id of a unit: of one made here, of one that the landscape names, or of the root. */
  private unitId(path: string | undefined): string {
    if (path === undefined) return this.organization.roots.get(0).id;
    const made = this.units.get(path);
    if (made) return made.id;
    const id = this.landscape.organizationalUnits.find((unit) => unit.path === path)?.id;
    if (id === undefined) throw new Error(`organizational unit ${path} is neither made nor known`);
    return id;
  }

  private createAccount(account: Account & { rootEmail: string }): void {
    const resource = new OrganizationsAccount(this, accountKey(account.name), {
      name: account.name,
      email: account.rootEmail,
      parentId: this.unitId(account.organizationalUnit),
      roleName: this.landscape.deployRole,
      iamUserAccessToBilling: "DENY",
      closeOnDeletion: false,
      tags: accountTags(account),
      // AWS tells neither of the two, so that any other value than at creation would replace the account.
      lifecycle: { preventDestroy: true, ignoreChanges: ["role_name", "iam_user_access_to_billing"] },
    });
    this.output(idOutput(accountKey(account.name)), resource.id);
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value }).overrideLogicalId(name);
  }
}

/** Name of the output that tells a resource's id; `bootstrap` reads it back. */
export const idOutput = (key: string): string => `id_of_${key}`;

/** Parents before children. */
const unitsToMake = (landscape: Landscape) =>
  landscape.organizationalUnits
    .filter((unit) => unit.created)
    .sort((a, b) => a.path.split("/").length - b.path.split("/").length || (a.path < b.path ? -1 : 1));
