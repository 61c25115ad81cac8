import { SecurityhubAutomationRule } from "@cdktf/provider-aws/lib/securityhub-automation-rule";
import { SecurityhubConfigurationPolicy } from "@cdktf/provider-aws/lib/securityhub-configuration-policy";
import { SecurityhubConfigurationPolicyAssociation } from "@cdktf/provider-aws/lib/securityhub-configuration-policy-association";
import { SecurityhubFindingAggregator } from "@cdktf/provider-aws/lib/securityhub-finding-aggregator";
import { SecurityhubOrganizationConfiguration } from "@cdktf/provider-aws/lib/securityhub-organization-configuration";
import { Construct } from "constructs";
import type { Noise } from "../landscape/model";

/** Standards for a target: the organization's root, or a unit. */
export interface Checks {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly targetId: string;
  readonly standardArns: readonly string[];
}

export interface CentralSecurityHubProps {
  /** Regions beside the home region, whose findings come to it. */
  readonly linkedRegions: readonly string[];
  readonly checks: readonly Checks[];
  readonly noise: readonly Noise[];
  /** Whether Config's recorders run as Config's own role or as one of the kit's. */
  readonly recordersRole: "service-linked" | "own";
}

/** Config.1 asks for recorders that are on, whatever their role. Source: "Security Hub CSPM controls for AWS Config". */
const recordersHaveOwnRole = {
  securityControlId: "Config.1",
  parameter: [{ name: "includeConfigServiceLinkedRoleCheck", valueType: "CUSTOM", bool: { value: false } }],
};

/**
 * Security Hub CSPM of the organization, configured in the home region of its administrator. Source: "Central
 * configuration in Security Hub CSPM" (AWS Security Hub user guide): aggregation first, then central configuration,
 * then policies, then what they apply to.
 */
export class CentralSecurityHub extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { linkedRegions, checks, noise, recordersRole }: CentralSecurityHubProps,
  ) {
    super(scope, id);
    const aggregator = new SecurityhubFindingAggregator(
      this,
      "aggregator",
      linkedRegions.length === 0
        ? { linkingMode: "NO_REGIONS" }
        : { linkingMode: "SPECIFIED_REGIONS", specifiedRegions: [...linkedRegions] },
    );
    const central = new SecurityhubOrganizationConfiguration(this, "configuration", {
      // Central configuration takes no other value of these two.
      autoEnable: false,
      autoEnableStandards: "NONE",
      organizationConfiguration: { configurationType: "CENTRAL" },
      dependsOn: [aggregator],
    });
    for (const check of checks) this.applyChecks(check, central, recordersRole);
    noise.forEach((kind, index) => {
      this.suppress(kind, index + 1);
    });
  }

  private applyChecks(
    checks: Checks,
    central: SecurityhubOrganizationConfiguration,
    recordersRole: CentralSecurityHubProps["recordersRole"],
  ): void {
    const policy = new SecurityhubConfigurationPolicy(this, `policy-${checks.id}`, {
      name: checks.name,
      description: checks.description,
      configurationPolicy: {
        serviceEnabled: true,
        enabledStandardArns: [...checks.standardArns],
        // None is disabled, so every control of the standards is on, those that AWS adds too.
        securityControlsConfiguration: {
          disabledControlIdentifiers: [],
          ...(recordersRole === "own" && { securityControlCustomParameter: [recordersHaveOwnRole] }),
        },
      },
      dependsOn: [central],
    });
    new SecurityhubConfigurationPolicyAssociation(this, `association-${checks.id}`, {
      policyId: policy.id,
      targetId: checks.targetId,
      // It is done when every account below has it; the provider's own patience is a minute and a half.
      timeouts: { create: "60m", update: "60m" },
    });
  }

  /** A suppressed finding stays, and says why it is no work for anybody. */
  private suppress({ name, because, generator, type, accounts }: Noise, ruleOrder: number): void {
    const equals = (value: string) => [{ comparison: "EQUALS", value }];
    // Without its star, EC2.1 would be EC2.10 and a hundred others too.
    const named = (value: string) =>
      value.endsWith("*") ? [{ comparison: "PREFIX", value: value.slice(0, -1) }] : equals(value);
    new SecurityhubAutomationRule(this, `noise-${name}`, {
      ruleName: name,
      ruleOrder,
      ruleStatus: "ENABLED",
      description: because,
      criteria: [
        {
          recordState: equals("ACTIVE"),
          workflowStatus: equals("NEW"),
          ...(generator !== undefined && { generatorId: named(generator) }),
          ...(type !== undefined && { type: named(type) }),
          ...(accounts && { awsAccountId: accounts.flatMap(equals) }),
        },
      ],
      actions: [
        {
          type: "FINDING_FIELDS_UPDATE",
          findingFieldsUpdate: [
            {
              note: [{ text: because, updatedBy: "aws-ir-kit" }],
              workflow: [{ status: "SUPPRESSED" }],
            },
          ],
        },
      ],
    });
  }
}
