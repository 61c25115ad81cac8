import { kitFunctionsArn, kitMachinesArns, kitTablesArn, roleArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import type { Statement } from "../document";
import { deployers, kitRolesArn, spokesArns, unless } from "./exempt";

/**
 * In the hub's account and in that of evidence: who may call a function of the kit contains, or cuts, whomever he
 * likes; who may write a ledger lets a release undo what was never done; who may stop a workflow saves whom it contains;
 * who may write a record of the sweep hides what is not logged; who may have the custodian sign makes evidence.
 */
export const responseStays = (landscape: Landscape): Statement => ({
  Sid: "ResponseStays",
  Effect: "Deny",
  NotAction: [
    "dynamodb:Describe*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "lambda:Get*",
    "lambda:List*",
    "states:Describe*",
    "states:Get*",
    "states:List*",
  ],
  Resource: [kitFunctionsArn(landscape), kitTablesArn(landscape), ...kitMachinesArns(landscape)],
  Condition: unless([
    ...deployers(landscape),
    kitRolesArn(landscape, accountId(landscape.hub)),
    ...(landscape.forensics
      ? [
          ...spokesArns(landscape, "evidence"),
          roleArn(landscape, "custody", accountId(landscape.accounts.forensics)),
        ]
      : []),
  ]),
});
