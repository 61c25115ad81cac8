import type { Access, Account, EmergencyUsersDoor, IdentityCenterDoor, Landscape } from "../landscape/model";
import { AccessStack } from "./access";
import { AlarmsStack } from "./alarms";
import { type Candidate, core, idsMissing, organizationMissing, type StackPlan } from "./candidate";
import { CasesStack } from "./cases";
import { EmergencyUsersStack } from "./emergency-users";
import { GuardrailsStack } from "./guardrails";
import { IdentityStack } from "./identity";
import { ResponseStack } from "./response";

export const alarmsName = (landscape: Landscape) => `alarms-${landscape.homeRegion}`;

export function alarms(landscape: Landscape, access: Access): Candidate {
  const name = alarmsName(landscape);
  return {
    name,
    account: landscape.hub,
    region: landscape.homeRegion,
    dependsOn: ["organization"],
    missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
    build: (scope) => new AlarmsStack(scope, name, access, landscape),
  };
}

/** The hub, and the ways into it. */
export function doorStacks(landscape: Landscape, access: Access): Candidate[] {
  const missing = [...organizationMissing(landscape), ...idsMissing(...core(landscape))];
  const one = (
    name: string,
    account: Account,
    region: string,
    dependsOn: readonly string[],
    build: StackPlan["build"],
  ): Candidate => ({ name, account, region, dependsOn, missing, build });
  const home = landscape.homeRegion;
  return [
    // Where the baseline put roles of the hub's names before, in an account that now becomes the hub, it goes first.
    one(
      "access",
      landscape.hub,
      home,
      ["organization", ...baselinesOf(landscape)],
      (scope) => new AccessStack(scope, "access", { ...landscape, access }),
    ),
    ...access.doors
      .filter((door): door is IdentityCenterDoor => door.type === "identity-center")
      .map((door) =>
        one(
          "identity",
          landscape.accounts[door.account],
          door.region,
          ["access"],
          (scope) => new IdentityStack(scope, "identity", landscape, door),
        ),
      ),
    ...access.doors
      .filter((door): door is EmergencyUsersDoor => door.type === "emergency-users")
      .map((door) =>
        one(
          "emergency-users",
          landscape.accounts[door.account],
          home,
          ["access"],
          (scope) => new EmergencyUsersStack(scope, "emergency-users", landscape, door),
        ),
      ),
  ];
}

/** Ledgers of cases, which outlive what writes them. */
export function cases(landscape: Landscape): Candidate {
  const name = "cases";
  return {
    name,
    account: landscape.hub,
    region: landscape.homeRegion,
    dependsOn: ["organization"],
    missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
    build: (scope) => new CasesStack(scope, name, landscape),
  };
}

/** Workflows run as roles of the hub, write ledgers, and tell the alarms' topic. */
export function response(landscape: Landscape): Candidate {
  const name = "response";
  const { cutPolicyId } = landscape.organization;
  return {
    name,
    account: landscape.hub,
    region: landscape.homeRegion,
    dependsOn: ["access", alarmsName(landscape), "cases"],
    missing: [
      ...organizationMissing(landscape),
      ...(cutPolicyId === undefined ? ["id of the cuts' policy"] : []),
      ...idsMissing(...core(landscape)),
    ],
    build: (scope) => new ResponseStack(scope, name, landscape),
  };
}

/** What brings the global baseline into the hub's account. */
const baselinesOf = (landscape: Landscape): string[] =>
  landscape.distribution === "stackset" ? ["baseline"] : [`baseline-${landscape.hub.name.toLowerCase()}`];

/** Denies what the other stacks do while they are made: the last to come and the first to go. */
export function guardrails(landscape: Landscape, others: readonly Candidate[]): Candidate {
  const name = "guardrails";
  const units = landscape.access?.perimeter.units ?? [];
  const { rootId, cutPolicyId } = landscape.organization;
  return {
    name,
    account: landscape.accounts.management,
    region: landscape.homeRegion,
    dependsOn: others.filter(({ missing }) => missing.length === 0).map((other) => other.name),
    missing: [
      ...organizationMissing(landscape),
      ...(rootId === undefined ? ["id of the organization's root"] : []),
      ...(cutPolicyId === undefined ? ["id of the cuts' policy"] : []),
      ...idsMissing(...core(landscape), landscape.sealed),
      ...units.filter(({ id }) => id === undefined).map(({ path }) => `id of organizational unit ${path}`),
    ],
    build: (scope) => new GuardrailsStack(scope, name, landscape),
  };
}
