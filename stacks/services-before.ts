import type { Deployed } from "../landscape/deployed/schema";
import type { Detection, Landscape } from "../landscape/model";
import { inUnwrittenApp } from "./build";
import * as classes from "./classes";
import { detectionStacks } from "./detection-stacks";
import { servicesIn } from "./remembered";

/** Every service on: what each may have is among the addresses then, but for what landscapes name. */
const everyService = (detection: Detection | undefined): Detection => ({
  guardDuty: { plans: [] },
  securityHub: { standards: [], units: [], noise: [] },
  accessAnalyzer: { unusedAccessDays: 90 },
  config: false,
  ...detection,
  inspector: { scans: ["ec2"] },
  macie: true,
});

/**
 * A lock file of an earlier version, which did not record what switches services on, with all that they may have: to
 * forget what was never made changes nothing. A file of this version is returned as it is.
 */
export function withServices(landscape: Landscape, deployed: Deployed): Deployed {
  if (deployed.names.backend !== undefined) return deployed;
  const full = { ...landscape, detection: everyService(landscape.detection) };
  const services = inUnwrittenApp(
    (app) =>
      new Map(
        detectionStacks(full)
          .filter(({ missing }) => missing.length === 0)
          .map(({ name, build }) => [name, servicesIn(build(app, classes))]),
      ),
  );
  return {
    ...deployed,
    stacks: deployed.stacks.map((stack) => {
      const made = services.get(stack.name) ?? [];
      return made.length === 0
        ? stack
        : { ...stack, services: [...new Set([...(stack.services ?? []), ...made])] };
    }),
  };
}
