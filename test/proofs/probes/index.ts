import { automation } from "./automation";
import { bounds } from "./bounds";
import { entering } from "./entering";
import { guarded } from "./guarded";
import { isolation } from "./isolation";
import { neededProbes } from "./needed";
import { owners } from "./owners";
import type { Probe } from "./probe";
import { sweep } from "./sweep";

export { holds, type Probe } from "./probe";

/** Every request whose answer the documents must give. */
export const probes: readonly Probe[] = [
  ...neededProbes,
  ...entering,
  ...automation,
  ...sweep,
  ...bounds,
  ...guarded,
  ...isolation,
  ...owners,
];
