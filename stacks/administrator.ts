import { Inspector2Enabler } from "@cdktf/provider-aws/lib/inspector2-enabler";
import { Macie2Account } from "@cdktf/provider-aws/lib/macie2-account";
import { SecurityhubAccount } from "@cdktf/provider-aws/lib/securityhub-account";
import type { Construct } from "constructs";
import { AdministratorDetector } from "../constructs/guard-duty";
import { KitStack } from "../constructs/kit-stack";
import type { Landscape } from "../landscape/model";
import { accountId } from "../landscape/names";
import type { InspectorScan } from "../landscape/schema";

/** Source: "Enable", Amazon Inspector API reference. */
export const inspectorTypes: Readonly<Record<InspectorScan, string>> = {
  ec2: "EC2",
  ecr: "ECR",
  lambda: "LAMBDA",
  lambdaCode: "LAMBDA_CODE",
};

/**
 * Switches detection on in the security account itself, before that account is made the administrator: a delegation
 * that finds nothing switches the service on by itself, and then what Terraform makes exists already (ADR 18).
 */
export class AdministratorStack extends KitStack {
  constructor(scope: Construct, name: string, landscape: Landscape, region: string) {
    super(scope, name, { landscape, account: landscape.accounts.security, region });
    const { guardDuty, inspector, securityHub, macie } = landscape.detection ?? {};
    if (guardDuty) new AdministratorDetector(this, "guardduty", guardDuty.plans);
    if (inspector && inspector.scans.length > 0) {
      new Inspector2Enabler(this, "inspector", {
        accountIds: [accountId(this.account)],
        resourceTypes: inspector.scans.map((scan) => inspectorTypes[scan]).sort(),
      });
    }
    if (macie) new Macie2Account(this, "macie", { status: "ENABLED" });
    // In the other regions central configuration switches it on.
    if (securityHub && region === landscape.homeRegion) {
      new SecurityhubAccount(this, "security-hub", {
        enableDefaultStandards: false,
        autoEnableControls: true,
        controlFindingGenerator: "SECURITY_CONTROL",
      });
    }
  }
}
