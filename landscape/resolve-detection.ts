import type { Detection, OrganizationalUnit } from "./model";
import type { DetectionFile } from "./schema/detection";
import { guardDutyPlans, inspectorScans } from "./schema/detection";

/** What the kit owns of the services that detect; the rest is absent. */
export function resolveDetection(file: DetectionFile, units: readonly OrganizationalUnit[]): Detection {
  const { guardDuty, securityHub, inspector, macie, accessAnalyzer, config } = file;
  return {
    ...(isKits(guardDuty) && { guardDuty: { plans: guardDutyPlans.filter((plan) => guardDuty[plan]) } }),
    ...(isKits(securityHub) && {
      securityHub: {
        standards: [...(securityHub.standards ?? [])].sort(),
        units: (securityHub.units ?? []).flatMap(({ path, standards }) => {
          const unit = units.find((candidate) => candidate.path === path);
          return unit ? [{ unit, standards: [...standards].sort() }] : [];
        }),
        noise: securityHub.noise ?? [],
      },
    }),
    ...(isKits(inspector) && { inspector: { scans: inspectorScans.filter((scan) => inspector[scan]) } }),
    macie: isKits(macie),
    config: config === "kit",
    ...(isKits(accessAnalyzer) && {
      accessAnalyzer: {
        ...(accessAnalyzer.unusedAccessDays !== undefined && {
          unusedAccessDays: accessAnalyzer.unusedAccessDays,
        }),
      },
    }),
  };
}

const isKits = <T extends { readonly owner?: string | undefined }>(service: T | undefined): service is T =>
  service !== undefined && service.owner !== "existing";
