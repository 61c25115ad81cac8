import { baselineRegions, type Landscape } from "../landscape/model";
import { accountId, iamPath, quarantinePolicyName } from "../landscape/names";
import { protectedDeployers } from "../policies/guardrails/exempt";
import type { Kit } from "../runtime/shared/kit";

/** What steps know of the kit, derived from the landscape. */
export const kitOf = (landscape: Landscape): Kit => ({
  partition: landscape.partition.name,
  managementAccount: accountId(landscape.accounts.management),
  iamPath: iamPath(landscape),
  denyAllPolicy: quarantinePolicyName(landscape, "deny-all"),
  deployers: protectedDeployers(landscape),
  regions: regionsToAsk(landscape),
});

/**
 * Where unwatched regions are denied, nothing happens there. Else an attacker can call STS in any region that is
 * enabled without being asked for; those that must be opted in are asked only where they are watched.
 */
function regionsToAsk(landscape: Landscape): string[] {
  const watched = baselineRegions(landscape);
  if (landscape.access?.unwatchedRegions === "deny") return watched;
  const open = landscape.partition.regions.filter(({ optIn }) => !optIn).map(({ name }) => name);
  return [...new Set([...watched, ...open])].sort();
}
