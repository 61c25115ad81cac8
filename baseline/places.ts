import { baselineRegions, type Landscape } from "../landscape/model";
import type { BaselineScope } from "../landscape/names";

/** A part of the baseline, and the regions in which it stands. */
export interface BaselinePlaces {
  readonly scope: BaselineScope;
  readonly regions: readonly string[];
}

/**
 * The parts that a landscape needs, in the order in which they are made. CloudFormation rolls a template back as a
 * whole, so what may fail for reasons of its own has one of its own (ADR 28):
 *
 * - `global`: roles of tasks and automation, quarantine, forwarder. IAM alone, under names and a path that nobody else
 *   can take; what fails one of them (IAM's quotas, a guardrail of others) fails all.
 * - `regional`: rules that forward alarms, and a marker.
 * - `documents`: an account may have no room for more documents of Systems Manager.
 * - `recorder`: an account and region may have a recorder of AWS Config already, and a delivery may be refused.
 */
export function baselinePlaces(landscape: Landscape): BaselinePlaces[] {
  const { homeRegion, regions, forensics, detection } = landscape;
  const everywhere = baselineRegions(landscape);
  return [
    { scope: "global", regions: [homeRegion] },
    { scope: "regional", regions: everywhere },
    ...(forensics ? [{ scope: "documents" as const, regions: everywhere }] : []),
    ...(detection?.config ? [{ scope: "recorder" as const, regions: [...regions].sort() }] : []),
  ];
}
