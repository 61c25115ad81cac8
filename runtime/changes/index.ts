import { attachRolePolicy, attachUserPolicy } from "./attach-policy";
import type { AnyChange } from "./change";
import { addCut } from "./cut";
import {
  deactivateAccessKey,
  deactivateCertificate,
  deactivateServiceCredential,
  deactivateSshKey,
} from "./deactivate";
import { setRoleBoundary, setUserBoundary } from "./set-boundary";

/** Every kind of change that the ledger may name. To add one: a file, a line here, its actions in a step's needs. */
export const changes: readonly AnyChange[] = [
  addCut,
  attachRolePolicy,
  attachUserPolicy,
  deactivateAccessKey,
  deactivateCertificate,
  deactivateServiceCredential,
  deactivateSshKey,
  setRoleBoundary,
  setUserBoundary,
];
