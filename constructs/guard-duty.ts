import { GuarddutyDetector } from "@cdktf/provider-aws/lib/guardduty-detector";
import { GuarddutyDetectorFeature } from "@cdktf/provider-aws/lib/guardduty-detector-feature";
import { GuarddutyOrganizationConfiguration } from "@cdktf/provider-aws/lib/guardduty-organization-configuration";
import { GuarddutyOrganizationConfigurationFeature } from "@cdktf/provider-aws/lib/guardduty-organization-configuration-feature";
import { Construct } from "constructs";
import type { GuardDutyPlan } from "../landscape/schema";
import { guardDutyPlans } from "../landscape/schema/detection";

/** Sources: "GuardDuty features", "Runtime Monitoring" (Amazon GuardDuty user guide). */
export const guardDutyFeatures: Readonly<Record<GuardDutyPlan, string>> = {
  eks: "EKS_AUDIT_LOGS",
  lambda: "LAMBDA_NETWORK_LOGS",
  malware: "EBS_MALWARE_PROTECTION",
  rds: "RDS_LOGIN_EVENTS",
  runtime: "RUNTIME_MONITORING",
  s3: "S3_DATA_EVENTS",
};

/** In the API's order, and always all of them: else every plan would replace the feature (provider issue 44822). */
const agents = ["ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"];

const agentsOf = (plan: GuardDutyPlan): readonly string[] => (plan === "runtime" ? agents : []);

/** A plan that is off is said to be off: leaving the feature out would leave it as it was. */
const isOn = (plan: GuardDutyPlan, plans: readonly GuardDutyPlan[]): boolean => plans.includes(plan);

/** The detector of the account that administers GuardDuty, with the plans for that account itself. */
export class AdministratorDetector extends Construct {
  constructor(scope: Construct, id: string, plans: readonly GuardDutyPlan[]) {
    super(scope, id);
    const detector = new GuarddutyDetector(this, "detector", {
      enable: true,
      findingPublishingFrequency: "FIFTEEN_MINUTES",
    });
    for (const plan of guardDutyPlans) {
      const status = isOn(plan, plans) ? "ENABLED" : "DISABLED";
      new GuarddutyDetectorFeature(this, plan, {
        detectorId: detector.id,
        name: guardDutyFeatures[plan],
        status,
        additionalConfiguration: agentsOf(plan).map((name) => ({ name, status })),
      });
    }
  }
}

/** What every account of the organization gets, those to come too. */
export class OrganizationDetectors extends Construct {
  constructor(scope: Construct, id: string, detectorId: string, plans: readonly GuardDutyPlan[]) {
    super(scope, id);
    const configuration = new GuarddutyOrganizationConfiguration(this, "configuration", {
      detectorId,
      autoEnableOrganizationMembers: "ALL",
    });
    for (const plan of guardDutyPlans) {
      const autoEnable = isOn(plan, plans) ? "ALL" : "NONE";
      new GuarddutyOrganizationConfigurationFeature(this, plan, {
        detectorId,
        name: guardDutyFeatures[plan],
        autoEnable,
        additionalConfiguration: agentsOf(plan).map((name) => ({ name, autoEnable })),
        dependsOn: [configuration],
      });
    }
  }
}
