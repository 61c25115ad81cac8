import { deployRolesArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { type PolicyDocument, policyDocument } from "../document";
import { unless } from "./exempt";

/**
 * Attached to the hub's account when it is lost or hostile: nobody in it does anything any more, but for the deployer
 * who comes from the management account.
 */
export const sealAccount = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    {
      Sid: "Sealed",
      Effect: "Deny",
      Action: ["*"],
      Resource: ["*"],
      Condition: unless([deployRolesArn(landscape, accountId(landscape.sealed))]),
    },
  ]);

/**
 * Attached to the root at the same time: sessions of the sealed account that live on reach no resource of any other
 * account, its roles in members above all. Services are those that resource control policies reach.
 */
export const sealResources = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    {
      Sid: "Sealed",
      Effect: "Deny",
      Principal: "*",
      Action: [
        "dynamodb:*",
        "ecr:*",
        "events:*",
        "kms:*",
        "logs:*",
        "s3:*",
        "secretsmanager:*",
        "sqs:*",
        "sts:*",
      ],
      Resource: ["*"],
      Condition: {
        StringEquals: { "aws:PrincipalAccount": accountId(landscape.sealed) },
        ...unless([deployRolesArn(landscape, accountId(landscape.sealed))]),
      },
    },
  ]);
