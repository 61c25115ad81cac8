import type { Need } from "../shared/step";
import { needs as deactivateCredentials } from "./deactivate-credentials/needs";
import { hubNeeds as identifyInHub, needs as identifyPrincipal } from "./identify-principal/needs";
import { needs as listCredentials } from "./list-credentials/needs";
import { needs as quarantinePrincipal } from "./quarantine-principal/needs";
import { needs as traceActivity } from "./trace-activity/needs";
import { needs as traceEntry } from "./trace-entry/needs";
import { needs as verifyContainment } from "./verify-containment/needs";

/** What containing a principal, proving and releasing it needs in the principal's account. */
export const containmentNeeds: readonly Need[] = [
  ...identifyPrincipal,
  ...listCredentials,
  ...traceActivity,
  ...traceEntry,
  ...quarantinePrincipal,
  ...deactivateCredentials,
  ...verifyContainment,
];

/** What it needs in the hub's account. */
export const hubNeeds: readonly Need[] = identifyInHub;
