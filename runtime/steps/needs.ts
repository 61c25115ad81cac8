import type { Need } from "../shared/need";
import { hubNeeds as cutInHub, needs as cutSessions } from "./cut-sessions/needs";
import { needs as deactivateCredentials } from "./deactivate-credentials/needs";
import { hubNeeds as identifyInHub, needs as identifyPrincipal } from "./identify-principal/needs";
import { needs as listCredentials } from "./list-credentials/needs";
import { needs as quarantinePrincipal, releaseNeeds } from "./quarantine-principal/needs";
import { needs as traceActivity } from "./trace-activity/needs";
import { needs as traceEntry } from "./trace-entry/needs";
import { needs as verifyContainment } from "./verify-containment/needs";

/** What the workflow that contains a principal needs in the principal's account: it neither traces nor releases. */
export const workflowNeeds: readonly Need[] = [
  ...identifyPrincipal,
  ...listCredentials,
  ...quarantinePrincipal,
  ...deactivateCredentials,
  ...verifyContainment,
];

/** What containing a principal, proving and releasing it needs there. */
export const containmentNeeds: readonly Need[] = [
  ...workflowNeeds,
  ...traceActivity,
  ...traceEntry,
  ...cutSessions,
  ...releaseNeeds,
];

/** What it needs in the hub's account. */
export const hubNeeds: readonly Need[] = identifyInHub;

/** What cutting sessions needs there, beside. */
export const cutNeedsInHub: readonly Need[] = cutInHub;
