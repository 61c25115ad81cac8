import type { Landscape } from "../../landscape";
import { didYouMean, oneOf, show } from "../../landscape/problems";
import { NotPossible } from "../../runtime/shared/errors";
import type { TagRequest } from "../../runtime/tags/request";
import { tagRequestSchema } from "../../runtime/tags/request";
import { caseResource } from "../../runtime/tags/resource";
import { kitOf } from "../../stacks/kit";
import { WrongUse } from "../errors";

/**
 * What the hub's function is to tag. Whatever can be known here to be refused is refused before a code is asked for.
 *
 * @throws WrongUse for a region that the partition doesn't have, too many resources, or any that can't be tagged
 */
export function tagRequest(
  landscape: Landscape,
  { account, region, resources }: Pick<TagRequest, "account" | "region" | "resources">,
): Omit<TagRequest, "actor"> {
  const { name, regions } = landscape.partition;
  const known = regions.map((one) => one.name);
  if (!known.includes(region)) {
    const choice = didYouMean(region, known) || `; there are: ${oneOf(known)}`;
    throw new WrongUse(`--region ${show(region)} is not a region of partition ${name}${choice}`);
  }
  const most = tagRequestSchema.properties.resources.maxItems ?? 0;
  const distinct = [...new Set(resources)];
  if (distinct.length > most) {
    throw new WrongUse(
      `${distinct.length} resources are more than the ${most} of one request: name them in several`,
    );
  }
  const refused = distinct.flatMap((resource) => refusalOf(landscape, { account, region }, resource));
  if (refused.length > 0) throw new WrongUse(refused.join("\n"));
  return { account, region, resources: distinct };
}

function refusalOf(
  landscape: Landscape,
  place: Pick<TagRequest, "account" | "region">,
  resource: string,
): string[] {
  try {
    caseResource(kitOf(landscape), place, resource);
    return [];
  } catch (error) {
    if (error instanceof NotPossible) return [error.message];
    throw error;
  }
}
