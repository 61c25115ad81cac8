import { SecurityhubAutomationRule } from "@cdktf/provider-aws/lib/securityhub-automation-rule";
import { Construct } from "constructs";
import { type IsolationKind, isolationTag } from "../landscape/tasks";

/**
 * Controls that the group which lets nothing through fails: it is on no interface until an incident. Those on rules
 * (EC2.18, EC2.19, EC2.53, EC2.54) it passes. Source: "Security Hub CSPM controls for Amazon EC2".
 */
export const failedByIsolationGroup = ["EC2.22"] as const;

const because =
  "The isolation group of aws-ir-kit lets nothing through, and is on no interface until an incident";

const equals = (value: string) => ({ comparison: "EQUALS", value });

/**
 * Suppresses these findings in one region: a rule reaches findings of its own region alone. Source: "Creating automation
 * rules" (AWS Security Hub user guide). The group is known by its tag, which guardrails let nobody but the kit set.
 */
export class SuppressedGroupFindings extends Construct {
  constructor(scope: Construct, id: string, { ruleOrder }: { readonly ruleOrder: number }) {
    super(scope, id);
    new SecurityhubAutomationRule(this, "isolation-group", {
      ruleName: "isolation-group-unused",
      ruleOrder,
      ruleStatus: "ENABLED",
      description: because,
      criteria: [
        {
          recordState: [equals("ACTIVE")],
          workflowStatus: [equals("NEW")],
          complianceSecurityControlId: failedByIsolationGroup.map(equals),
          resourceType: [equals("AwsEc2SecurityGroup")],
          // One tag: of several, Security Hub asks for any.
          resourceTags: [{ key: isolationTag, ...equals("empty" satisfies IsolationKind) }],
        },
      ],
      actions: [
        {
          type: "FINDING_FIELDS_UPDATE",
          findingFieldsUpdate: [
            { note: [{ text: because, updatedBy: "aws-ir-kit" }], workflow: [{ status: "SUPPRESSED" }] },
          ],
        },
      ],
    });
  }
}
