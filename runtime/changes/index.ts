import { attachWorkingCopy, launchMachine, makeWorkingCopy } from "./analysis";
import { attachRolePolicy, attachUserPolicy } from "./attach-policy";
import type { AnyChange } from "./change";
import { addCut } from "./cut";
import {
  deactivateAccessKey,
  deactivateCertificate,
  deactivateServiceCredential,
  deactivateSshKey,
} from "./deactivate";
import { deleteWorkingCopy, terminateMachine } from "./end-analysis";
import { keepVolume, protectFromTermination, stopOnShutdown } from "./keep-instance";
import { setRoleBoundary, setUserBoundary } from "./set-boundary";
import { copySnapshot, shareSnapshot, snapshotVolumes } from "./snapshots";

/** Every kind of change that the ledger may name. To add one: a file, a line here, its actions in a step's needs. */
export const changes: readonly AnyChange[] = [
  addCut,
  attachRolePolicy,
  attachUserPolicy,
  attachWorkingCopy,
  copySnapshot,
  deactivateAccessKey,
  deactivateCertificate,
  deactivateServiceCredential,
  deactivateSshKey,
  deleteWorkingCopy,
  keepVolume,
  launchMachine,
  makeWorkingCopy,
  protectFromTermination,
  setRoleBoundary,
  setUserBoundary,
  shareSnapshot,
  snapshotVolumes,
  stopOnShutdown,
  terminateMachine,
];
