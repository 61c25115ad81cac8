import type { Landscape } from "../../landscape/model";
import { organizationId } from "../../landscape/names";
import { type Condition, type PolicyDocument, policyDocument, type Statement } from "../document";

/**
 * Whoever is neither of the organization nor an AWS service. `IfExists`, since an anonymous request has no
 * organization. Source: "Data perimeters on AWS", resource control policies.
 */
const stranger = (landscape: Landscape): Condition => ({
  StringNotEqualsIfExists: { "aws:PrincipalOrgID": organizationId(landscape) },
  BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
});

/** A service that acts for somebody outside the organization; one that says for whom it acts, that is. */
const foreignDeputy = (landscape: Landscape): Condition => ({
  StringNotEqualsIfExists: { "aws:SourceOrgID": organizationId(landscape) },
  Null: { "aws:SourceAccount": "false" },
  Bool: { "aws:PrincipalIsAWSService": "true" },
});

/** In a resource control policy AWS wants a Deny, and `*` as principal. */
const deny = (Sid: string, Action: readonly string[], Condition: Condition): Statement => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource: ["*"],
  Condition,
});

/** Logs, evidence, and their keys stay inside the organization, whatever a bucket or key policy comes to say. */
export const kitData = (landscape: Landscape): PolicyDocument =>
  policyDocument([
    deny("OnlyTheOrganization", ["kms:*", "s3:*"], stranger(landscape)),
    deny("NoForeignDeputy", ["s3:*"], foreignDeputy(landscape)),
  ]);

/** The same for members' buckets and secrets, unit by unit, but for accounts that are listed with a reason. */
export function dataPerimeter(landscape: Landscape): PolicyDocument {
  const exceptions = (landscape.access?.perimeter.exceptions ?? []).map(({ account }) => account).sort();
  const outside = (condition: Condition): Condition =>
    exceptions.length === 0
      ? condition
      : {
          ...condition,
          StringNotEqualsIfExists: {
            ...condition.StringNotEqualsIfExists,
            "aws:ResourceAccount": exceptions,
          },
        };
  return policyDocument([
    deny("OnlyTheOrganization", ["s3:*", "secretsmanager:*"], outside(stranger(landscape))),
    deny("NoForeignDeputy", ["s3:*", "secretsmanager:*"], outside(foreignDeputy(landscape))),
  ]);
}
