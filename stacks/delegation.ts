import { OrganizationsDelegatedAdministrator } from "@cdktf/provider-aws/lib/organizations-delegated-administrator";
import type { Construct } from "constructs";
import { KitStack } from "../constructs/kit-stack";
import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import { delegatedServices } from "../landscape/services";

/** Makes the security account the administrator of organization-wide security services. */
export class DelegationStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape) {
    super(scope, name, { landscape, account: landscape.accounts.management, region: landscape.homeRegion });
    for (const principal of delegatedServices) {
      new OrganizationsDelegatedAdministrator(this, principal.split(".")[0] ?? principal, {
        accountId: accountId(landscape.accounts.security),
        servicePrincipal: principal,
      });
    }
  }
}
