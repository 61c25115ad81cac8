import type { Landscape } from "../landscape/model";
import { baselineMarkerName, organizationId } from "../landscape/names";
import { forwardingRules } from "./forwarding";
import { hubAccountParameter, hubParameter, sub, type Template } from "./template";

/** What every account gets in each watched region. */
export function regionalBaseline(landscape: Landscape): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "aws-ir-kit baseline, regional: alarms forwarded to the hub, marker of what stands here",
    Parameters: hubAccountParameter,
    Resources: { Marker: marker(landscape), ...forwardingRules(landscape) },
  };
}

/** Raised whenever what the baseline puts into a region changes in a way that a reader must know. */
export const regionalBaselineVersion = 5;

/** Tells a reader inside the account that it is prepared, by which organization, and where the hub is. */
const marker = (landscape: Landscape) => ({
  Type: "AWS::SSM::Parameter",
  Properties: {
    Name: baselineMarkerName(landscape),
    Type: "String",
    Description: "aws-ir-kit: this account and region is prepared",
    Value: sub(
      `{"version":${regionalBaselineVersion},"organization":"${organizationId(landscape)}","hub":"\${${hubParameter}}"}`,
    ),
  },
});
