import { caseTableArn, executionsArn, kitFunctionsArn, stateMachineArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, workflowNames } from "../../landscape/names";
import type { Statement } from "../document";
import { deployers, kitRolesArn, unless } from "./exempt";

/**
 * In the hub's account: who may call a function of the kit contains, or cuts, whomever he likes; who may write a
 * ledger lets a release undo what was never done; who may stop a workflow saves whom it contains.
 */
export const responseStays = (landscape: Landscape): Statement => ({
  Sid: "ResponseStays",
  Effect: "Deny",
  NotAction: [
    "dynamodb:Describe*",
    "dynamodb:Query",
    "lambda:Get*",
    "lambda:List*",
    "states:Describe*",
    "states:Get*",
    "states:List*",
  ],
  Resource: [
    kitFunctionsArn(landscape),
    caseTableArn(landscape),
    ...workflowNames.flatMap((workflow) => [
      stateMachineArn(landscape, workflow),
      executionsArn(landscape, workflow),
    ]),
  ],
  Condition: unless([...deployers(landscape), kitRolesArn(landscape, accountId(landscape.hub))]),
});
