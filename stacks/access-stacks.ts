import type { Access, Account, EmergencyUsersDoor, IdentityCenterDoor, Landscape } from "../landscape/model";
import { type Candidate, core, idsMissing, organizationMissing, type StackPlan } from "./candidate";

export const alarmsName = (landscape: Landscape) => `alarms-${landscape.homeRegion}`;

/** A stack of the hub's account that can be built once the core accounts are known. */
const inHub = (
  landscape: Landscape,
  name: string,
  dependsOn: readonly string[],
  build: StackPlan["build"],
): Candidate => ({
  name,
  account: landscape.hub,
  region: landscape.homeRegion,
  dependsOn,
  missing: [...organizationMissing(landscape), ...idsMissing(...core(landscape))],
  build,
});

export function alarms(landscape: Landscape, access: Access): Candidate {
  const name = alarmsName(landscape);
  return inHub(
    landscape,
    name,
    ["organization"],
    (scope, { AlarmsStack }) => new AlarmsStack(scope, name, access, landscape),
  );
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
      (scope, { AccessStack }) => new AccessStack(scope, "access", { ...landscape, access }),
    ),
    ...access.doors
      .filter((door): door is IdentityCenterDoor => door.type === "identity-center")
      .map((door) =>
        one(
          "identity",
          landscape.accounts[door.account],
          door.region,
          ["access"],
          (scope, { IdentityStack }) => new IdentityStack(scope, "identity", landscape, door),
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
          (scope, { EmergencyUsersStack }) =>
            new EmergencyUsersStack(scope, "emergency-users", landscape, door),
        ),
      ),
  ];
}

/** Ledgers of cases, which outlive what writes them. */
export const cases = (landscape: Landscape): Candidate =>
  inHub(
    landscape,
    "cases",
    ["organization"],
    (scope, { CasesStack }) => new CasesStack(scope, "cases", landscape),
  );

/** Tables and questions on the logs that the kit keeps. */
export const logAnalytics = (landscape: Landscape): Candidate =>
  inHub(
    landscape,
    "log-analytics",
    ["organization", "log-archive"],
    (scope, { LogAnalyticsStack }) => new LogAnalyticsStack(scope, "log-analytics", landscape),
  );

/** Runs as roles of the hub, listens on the alarms' bus, and uses what detection shares. */
export const sweep = (landscape: Landscape): Candidate =>
  inHub(
    landscape,
    "sweep",
    [
      "access",
      alarmsName(landscape),
      "log-archive",
      ...landscape.regions.map((region) => `detection-${region}`),
    ],
    (scope, { SweepStack }) => new SweepStack(scope, "sweep", landscape),
  );

/** Workflows run as roles of the hub, write ledgers, and tell the alarms' topic. */
export function response(landscape: Landscape): Candidate {
  const dependsOn = ["access", alarmsName(landscape), "cases"];
  const stack = inHub(
    landscape,
    "response",
    dependsOn,
    (scope, { ResponseStack }) => new ResponseStack(scope, "response", landscape),
  );
  const cutPolicy = landscape.organization.cutPolicyId === undefined ? ["id of the cuts' policy"] : [];
  const missing = [...organizationMissing(landscape), ...cutPolicy, ...idsMissing(...core(landscape))];
  return { ...stack, missing };
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
    build: (scope, { GuardrailsStack }) => new GuardrailsStack(scope, name, landscape),
  };
}
