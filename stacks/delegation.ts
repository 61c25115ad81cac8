import { GuarddutyDetector } from "@cdktf/provider-aws/lib/guardduty-detector";
import { GuarddutyOrganizationAdminAccount } from "@cdktf/provider-aws/lib/guardduty-organization-admin-account";
import { Inspector2DelegatedAdminAccount } from "@cdktf/provider-aws/lib/inspector2-delegated-admin-account";
import { Macie2Account } from "@cdktf/provider-aws/lib/macie2-account";
import { Macie2OrganizationAdminAccount } from "@cdktf/provider-aws/lib/macie2-organization-admin-account";
import { OrganizationsDelegatedAdministrator } from "@cdktf/provider-aws/lib/organizations-delegated-administrator";
import { SecurityhubOrganizationAdminAccount } from "@cdktf/provider-aws/lib/securityhub-organization-admin-account";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import { delegatedServices } from "../landscape/services";

/**
 * Makes the security account the administrator of organization-wide security services. GuardDuty, Inspector and Macie
 * are delegated region by region. The others once, from the home region, whatever happens to another region: to end
 * Security Hub's delegation in one of them would end it in all.
 */
export class DelegationStack extends KitStack {
  private readonly administrator: string;

  constructor(scope: Construct, name: string, landscape: Landscape, region: string) {
    super(scope, name, { landscape, account: landscape.accounts.management, region });
    this.administrator = accountId(landscape.accounts.security);
    if (region === landscape.homeRegion) this.delegateOnce();
    this.delegateHere();
  }

  private delegateOnce(): void {
    for (const principal of delegatedServices) {
      new OrganizationsDelegatedAdministrator(this, principal.split(".")[0] ?? principal, {
        accountId: this.administrator,
        servicePrincipal: principal,
      });
    }
    if (this.landscape.detection?.securityHub) {
      new SecurityhubOrganizationAdminAccount(this, "security-hub", { adminAccountId: this.administrator });
    }
  }

  private delegateHere(): void {
    const { detection } = this.landscape;
    if (detection?.guardDuty) {
      // The management account becomes a member only once GuardDuty is on there ("Managing GuardDuty accounts with
      // AWS Organizations"); of what is on, the administrator decides.
      const detector = new GuarddutyDetector(this, "guardduty-detector", { enable: true });
      new GuarddutyOrganizationAdminAccount(this, "guardduty", {
        adminAccountId: this.administrator,
        dependsOn: [detector],
      });
    }
    if (detection?.inspector) {
      new Inspector2DelegatedAdminAccount(this, "inspector", { accountId: this.administrator });
    }
    if (detection?.macie) {
      // Source: "Integrating and configuring an organization in Macie": on in the management account first.
      const macie = new Macie2Account(this, "macie-account", { status: "ENABLED" });
      new Macie2OrganizationAdminAccount(this, "macie", {
        adminAccountId: this.administrator,
        dependsOn: [macie],
      });
    }
  }
}
