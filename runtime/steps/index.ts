import type { TSchema } from "@sinclair/typebox";
import type { Step } from "../shared/step";
import { cutSessions } from "./cut-sessions";
import { deactivateCredentials } from "./deactivate-credentials";
import { identifyPrincipal } from "./identify-principal";
import { listCredentials } from "./list-credentials";
import { quarantinePrincipal } from "./quarantine-principal";
import { traceActivity } from "./trace-activity";
import { traceEntry } from "./trace-entry";
import { verifyContainment } from "./verify-containment";

/** Every step that a workflow may use. To add one: a folder with contract, handler and needs, and a line here. */
export const steps: readonly Step<TSchema, TSchema>[] = [
  identifyPrincipal,
  listCredentials,
  traceActivity,
  traceEntry,
  quarantinePrincipal,
  cutSessions,
  deactivateCredentials,
  verifyContainment,
] as unknown as readonly Step<TSchema, TSchema>[];
