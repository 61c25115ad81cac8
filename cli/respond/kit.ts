import { baselineRegions, type Landscape } from "../../landscape/model";
import { accountId, iamPath, quarantinePolicyName } from "../../landscape/names";
import { protectedDeployers } from "../../policies/guardrails/exempt";
import type { Kit } from "../../runtime/shared/kit";

/** What steps know of the kit, derived from the landscape. */
export const kitOf = (landscape: Landscape): Kit => ({
  partition: landscape.partition.name,
  managementAccount: accountId(landscape.accounts.management),
  iamPath: iamPath(landscape),
  denyAllPolicy: quarantinePolicyName(landscape, "deny-all"),
  deployers: protectedDeployers(landscape).map((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
  regions: baselineRegions(landscape),
});
