import { roleArn } from "../../landscape/arns";
import type { Landscape } from "../../landscape/model";
import { accountId, organizationId } from "../../landscape/names";
import type { Condition } from "../document";
import { viaService } from "../logs/key";

/** Who has to do with evidence, by role: an account's administrator is none of them. */

/** In any account of the organization: collects, and never reads what it has put there from a member. */
export const collectors = (landscape: Landscape): string => roleArn(landscape, "evidence", "*");

const inForensics = (landscape: Landscape, use: "evidence" | "custody" | "forensic-analysis"): string =>
  roleArn(landscape, use, accountId(landscape.accounts.forensics));

/** Signs manifests. */
export const custodian = (landscape: Landscape): string => inForensics(landscape, "custody");

/** Humans of the task evidence in the forensics account, and machines on which they work. */
export const analysts = (landscape: Landscape): string[] => [
  inForensics(landscape, "evidence"),
  inForensics(landscape, "forensic-analysis"),
];

/** Analysts, and whoever signs. */
export const readers = (landscape: Landscape): string[] => [...analysts(landscape), custodian(landscape)];

/** One of these roles, of this organization; with more that must be equal. */
export const onlyBy = (
  landscape: Landscape,
  roles: readonly string[],
  equal: Readonly<Record<string, string>> = {},
): Condition => ({
  StringEquals: { "aws:PrincipalOrgID": organizationId(landscape), ...equal },
  ArnLike: { "aws:PrincipalArn": roles },
});

/** A service calls with what the role may do, in one region and for nobody else. */
export const through = (landscape: Landscape, service: string, region: string): Record<string, string> => ({
  "kms:ViaService": viaService(landscape, service, region),
});
