import { Type } from "@sinclair/typebox";
import {
  attachRolePolicy,
  attachUserPolicy,
  policiesOfRole,
  policiesOfUser,
} from "../../changes/attach-policy";
import { make } from "../../changes/change";
import { setRoleBoundary, setUserBoundary } from "../../changes/set-boundary";
import { changeResultSchema, principalSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import { denyAllArn } from "../../shared/kit";
import { type Principal, standsApart } from "../../shared/principal";
import type { Setting } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Object({ principal: principalSchema });
const output = Type.Object({ results: Type.Array(changeResultSchema) });

/**
 * Denies the principal everything, by a policy that stood there before the incident. It is unconditional: a deny by
 * time of issue leaves long-term keys working. It covers sessions of a user's GetSessionToken and GetFederationToken,
 * which draw on the user's permissions, and every session of a role.
 *
 * @throws NotPossible for a principal that no policy of the account may be attached to
 */
export const quarantinePrincipal: Step<typeof input, typeof output> = {
  id: "quarantine-principal",
  title: "denied everything",
  class: "contain",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { principal }) => {
    const apart = standsApart(setting.kit, principal);
    if (apart !== undefined) throw new NotPossible(apart);
    const { kind, account, name, arn } = principal;
    const policyArn = denyAllArn(setting.kit, account);
    const request = { step: "quarantine-principal", account, target: arn };
    const attached = await make(setting, kind === "user" ? attachUserPolicy : attachRolePolicy, {
      ...request,
      input: { name, policyArn },
    });
    const full =
      attached.outcome === "planned"
        ? await mayBeFull(setting, principal)
        : attached.outcome === "failed" && /^LimitExceeded/.test(attached.why ?? "");
    if (!full) return { results: [attached] };
    const bounded = await make(setting, kind === "user" ? setUserBoundary : setRoleBoundary, {
      ...request,
      input: { name, boundaryArn: policyArn },
    });
    return {
      results: [
        attached.outcome === "planned"
          ? { ...attached, why: `${attached.why}; if its policies are full, the boundary takes the place` }
          : { ...attached, outcome: "skipped", why: "its policies are full: a boundary takes the place" },
        bounded,
      ],
    };
  },
};

/** Ten policies are attached at most, unless AWS has raised it to twenty. Source: "IAM and AWS STS quotas". */
const usualQuota = 10;

async function mayBeFull(setting: Setting, { kind, account, name }: Principal): Promise<boolean> {
  const clients = await setting.account(account);
  const policies = await (kind === "user" ? policiesOfUser : policiesOfRole)(clients, name);
  return policies.length >= usualQuota;
}
