import { type PublishedId, publishedQuotas } from "./published";
import type { Quota } from "./quota";
import { computeQuotas } from "./table/compute";
import { deploymentQuotas } from "./table/deployment";
import { detectionQuotas } from "./table/detection";
import { eventsQuotas } from "./table/events";
import { identityQuotas } from "./table/identity";
import { networkQuotas } from "./table/network";
import { organizationsQuotas } from "./table/organizations";
import { storageQuotas } from "./table/storage";

const writtenQuotas = [
  ...organizationsQuotas,
  ...identityQuotas,
  ...deploymentQuotas,
  ...eventsQuotas,
  ...computeQuotas,
  ...networkQuotas,
  ...storageQuotas,
  ...detectionQuotas,
];

export type QuotaId = (typeof writtenQuotas)[number]["id"] | PublishedId;

/** Every limit of AWS that the kit's documents must keep, each once. */
export const quotas: ReadonlyMap<QuotaId, Quota> = new Map<QuotaId, Quota>(
  [...writtenQuotas, ...publishedQuotas].map((quota) => [quota.id, quota]),
);

/** @throws Error where there is none of that id: a fault of the program */
export function quotaOf(id: QuotaId): Quota {
  const quota = quotas.get(id);
  if (quota === undefined) throw new Error(`no quota ${id}`);
  return quota;
}

/** The most that a quota lets through. */
export const limitOf = (id: QuotaId): number => quotaOf(id).limit;
