import type { Landscape } from "../landscape/model";
import { roleTasks } from "../policies/tasks";
import { forwarder } from "./forwarding";
import { quarantine } from "./quarantine";
import { spoke } from "./roles";
import { accountConditions, hubAccountParameter, type Template } from "./template";

/** What every account gets once, whatever its regions: IAM. */
export function globalBaseline(landscape: Landscape): Template {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "aws-ir-kit baseline, global: roles of responders and automation, quarantine",
    Parameters: hubAccountParameter,
    Conditions: accountConditions(landscape),
    Resources: Object.assign(
      quarantine(landscape),
      ...roleTasks.map((task) => spoke(landscape, task)),
      forwarder(landscape),
    ),
  };
}
