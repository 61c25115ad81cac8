import { readFileSync } from "node:fs";
import path from "node:path";
import type { AccessRequest } from "../../../cli/access/decide";
import type { TaskName } from "../../../landscape/tasks";
import { repository } from "../../support/repository";
import { forensics, hub, kitRole, leftToAccount, member, openToAll } from "../setting";
import type { Needed } from "../walkthroughs/recording";
import type { Probe } from "./probe";

export const needs = JSON.parse(
  readFileSync(path.join(repository, "test", "proofs", "needed.json"), "utf8"),
) as readonly Needed[];

/** Each request that a walkthrough needed, of the role that made it. */
export const neededProbes: readonly Probe[] = needs.map((need) => ({
  name: `${need.task} needs ${need.action} on ${need.resource}: ${need.walkthrough}`,
  expected: "allowed",
  request: {
    principal: kitRole(need.task as TaskName, accountOf(need)),
    action: need.action,
    resource: need.resource,
    context: need.context,
    ...admission(need),
  },
}));

function accountOf({ where }: Pick<Needed, "where">): string {
  return { hub, member, forensics }[where];
}

/** Whether a key or a bucket of another account admits the role, the logs' own proof says; here it is no obstacle. */
function admission({ action, resource, where }: Needed): Partial<AccessRequest> {
  const own = accountOf({ where });
  const owner = /acme-ir-[a-z-]+-(\d{12})-/.exec(resource)?.[1] ?? (resource.split(":")[4] || own);
  if (!/^(kms|s3):/.test(action) || resource === "*") return {};
  if (owner !== own) return { account: owner, resourcePolicy: openToAll };
  return action.startsWith("kms:") ? { resourcePolicy: leftToAccount(own) } : {};
}
