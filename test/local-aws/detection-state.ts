import type { FrontContext } from "./front";

export type DetectionService = "guardduty" | "inspector2" | "macie2" | "securityhub";

/** Which account administers a service in which region: region, then account id. */
const administrators = (service: DetectionService, { memory }: FrontContext) =>
  memory(`administrators of ${service}`, () => new Map<string, string>());

export const administratorOf = (
  service: DetectionService,
  region: string,
  context: FrontContext,
): string | undefined => administrators(service, context).get(region);

export const delegate = (
  service: DetectionService,
  region: string,
  account: string,
  context: FrontContext,
): void => {
  administrators(service, context).set(region, account);
};

/**
 * Ends a delegation. Security Hub's is one for all regions. Source: "Disassociating accounts and removing the delegated
 * administrator" (AWS Security Hub user guide).
 */
export function endDelegation(service: DetectionService, region: string, context: FrontContext): void {
  const all = administrators(service, context);
  if (service === "securityhub") all.clear();
  else all.delete(region);
}
