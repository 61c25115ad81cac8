import { anotherTaskForbidden } from "./another-task";
import { becomingForbidden } from "./becoming";
import { computeForbidden } from "./compute";
import { containersForbidden } from "./containers";
import { copiesForbidden } from "./copies";
import { dataForbidden } from "./data";
import { deploymentForbidden } from "./deployment";
import { evidenceForbidden } from "./evidence";
import { functionsForbidden } from "./functions";
import { iamForbidden } from "./iam";
import { jobsForbidden } from "./jobs";
import type { Forbidden } from "./model";
import { organizationForbidden } from "./organization";
import { passRoleForbidden } from "./pass-role";
import { securityServicesForbidden } from "./security-services";
import { waysOutForbidden } from "./ways-out";

export type { Forbidden, Task } from "./model";

/** Requests that AWS must refuse to the kit's tasks: ways to more privilege, and what is not theirs to do. */
export const forbidden: readonly Forbidden[] = [
  ...iamForbidden,
  ...passRoleForbidden,
  ...computeForbidden,
  ...functionsForbidden,
  ...deploymentForbidden,
  ...containersForbidden,
  ...jobsForbidden,
  ...securityServicesForbidden,
  ...evidenceForbidden,
  ...copiesForbidden,
  ...dataForbidden,
  ...waysOutForbidden,
  ...becomingForbidden,
  ...organizationForbidden,
  ...anotherTaskForbidden,
];
