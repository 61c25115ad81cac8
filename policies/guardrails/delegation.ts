import { accountRootArn, cutPolicyArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import type { Statement } from "../document";

/** Id by which bootstrap finds the kit's own statement among other people's. */
export const delegationSid = "AwsIrKitCuts";

/**
 * Statement of the organization's resource policy by which the hub's account writes the text of the cuts' policy, and
 * of no other. Organizations takes only its own condition keys there, so that a role can't be named; the service
 * control policy `protect-kit` narrows it to the writer's role. Source: "Delegated administrator for AWS
 * Organizations" (AWS Organizations user guide).
 */
export const cutDelegation = (landscape: Landscape): Statement => ({
  Sid: delegationSid,
  Effect: "Allow",
  Principal: { AWS: [accountRootArn(landscape, landscape.hub)] },
  Action: ["organizations:DescribePolicy", "organizations:UpdatePolicy"],
  Resource: [cutPolicyArn(landscape)],
  Condition: { StringEquals: { "organizations:PolicyType": "SERVICE_CONTROL_POLICY" } },
});
