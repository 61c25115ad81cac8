import { type Static, Type } from "@sinclair/typebox";
import { type Change, type ChangeResult, make } from "../../changes/change";
import {
  type CredentialStatus,
  deactivateAccessKey,
  deactivateCertificate,
  deactivateServiceCredential,
  deactivateSshKey,
  type UserCredential,
} from "../../changes/deactivate";
import { utc } from "../../shared/clock";
import { containedSince } from "../../shared/contained-since";
import { changeResultSchema, credentialSchema, principalSchema, timeSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import { standsApart } from "../../shared/principal";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Object({ principal: principalSchema, credentials: Type.Array(credentialSchema) });
const output = Type.Object({
  results: Type.Array(changeResultSchema),
  /** When the last change about the principal was made: on a second run, which changes nothing, that of the first. */
  at: timeSchema,
});

type Kind = Static<typeof credentialSchema>["kind"];

const deactivations: Partial<Record<Kind, Change<UserCredential, CredentialStatus>>> = {
  "access-key": deactivateAccessKey,
  "ssh-key": deactivateSshKey,
  "signing-certificate": deactivateCertificate,
  "service-specific-credential": deactivateServiceCredential,
};

/** Switches off every credential that can be switched off; one that fails does not keep the others from it. */
export const deactivateCredentials: Step<typeof input, typeof output> = {
  id: "deactivate-credentials",
  title: "credentials deactivated",
  class: "contain",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { principal, credentials }) => {
    const apart = standsApart(setting.kit, principal);
    if (apart !== undefined) throw new NotPossible(apart);
    const { account, name, arn } = principal;
    const results: ChangeResult[] = [];
    for (const { kind, id } of credentials) {
      const change = deactivations[kind];
      if (!change) continue;
      const request = { step: "deactivate-credentials", account, target: arn };
      results.push(await make(setting, change, { ...request, input: { user: name, id } }));
    }
    return { results, at: (await containedSince(setting, principal)) ?? utc(setting.clock.now()) };
  },
};
