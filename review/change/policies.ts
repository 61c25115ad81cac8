import type { Graph } from "../graph";
import { addTo } from "../lists";
import type { Principal } from "../policies";
import { actionsToAsk, readableAction } from "./actions";
import { type Holder, type HolderKind, layersWithout } from "./holder";
import { holderKey, holdersOf } from "./holders";
import type { AccessChange, Direction } from "./model";
import { boundaryChanges, managedChanges, unreadChanges } from "./outside-policies";
import { placeOf } from "./places";
import { anyoneBy, everyoneIn, stranger } from "./principals";
import {
  type Differences,
  decidingStatements,
  differencesBetween,
  type Layers,
  noDifferences,
  type Request,
} from "./requests";
import { type RoleSwap, roleSwaps } from "./roles";

/** What policies of all kinds decide otherwise than before, decided by asking them. */
export async function policyChanges(before: Graph, after: Graph): Promise<AccessChange[]> {
  const [old, now] = [holdersOf(before), holdersOf(after)];
  const changes: AccessChange[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    const holder = is ?? was;
    if (!holder) continue;
    // Denials that come or go together with what they guard let nobody do more, or less.
    const guardsNothing =
      (is === undefined && !guardsAnythingIn(after, holder)) ||
      (was === undefined && !guardsAnythingIn(before, holder));
    changes.push(...(await changesOf(holder, was, is, guardsNothing)));
  }
  for (const swap of roleSwaps(before, after)) changes.push(...(await changesBySwap(swap, old, now)));
  return changes;
}

/** What a function, machine or task may do by its new role, beside what it was allowed by the one before. */
async function changesBySwap(
  { resource, was, is }: RoleSwap,
  old: ReadonlyMap<string, Holder>,
  now: ReadonlyMap<string, Holder>,
): Promise<AccessChange[]> {
  const swapped: AccessChange = {
    ...placeOf(resource),
    direction: "cannot-tell",
    kind: "permissions",
    what: "runs under another role than before",
  };
  const [before, after] = [
    was && old.get(holderKey("permissions", was)),
    is && now.get(holderKey("permissions", is)),
  ];
  if (!before || !after) return [swapped];
  const told = await changesOf(
    { ...after, resource },
    { ...before, resource },
    { ...after, resource },
    false,
  );
  return [swapped, ...told.map((change) => ({ ...change, what: `by its new role ${change.what}` }))];
}

/** Types of policies that stand apart from what they guard. */
const standsApart = /_policy$|_permission$|_attachment$|_policies$|Policy$/;

/** Whether what a resource's policy guards is there: itself, what it refers to, or what nobody here knows. */
function guardsAnythingIn({ resources }: Graph, { resource }: Holder): boolean {
  if (!standsApart.test(resource.type)) return resources.some(({ id }) => id === resource.id);
  const referred = [...resource.references].filter(([at]) => at !== "policy").flatMap(([, to]) => to);
  return referred.length === 0 || resources.some(({ configured }) => referred.includes(configured));
}

async function changesOf(
  holder: Holder,
  was: Holder | undefined,
  is: Holder | undefined,
  guardsNothing: boolean,
): Promise<AccessChange[]> {
  // A policy that narrowed something which is gone with it forbids nobody anything, and lets nobody anything.
  if (guardsNothing && holder.kind === "guardrail") return [];
  const [before, after] = [
    was?.layers ?? layersWithout(holder.kind),
    is?.layers ?? layersWithout(holder.kind),
  ];
  const same = JSON.stringify(before) === JSON.stringify(after);
  // To say what differs takes AWS's service reference, which takes long to read.
  const differences = same
    ? noDifferences
    : differencesBetween(before, after, await actionsToAsk([...before, ...after].flat()));
  return [
    ...boundaryChanges(was, is),
    ...unreadChanges(was, is),
    ...managedChanges(was, is),
    ...describe(holder, "widened", differences.newlyAllowed, after, words[holder.kind].widened),
    ...describe(holder, "narrowed", differences.noLongerAllowed, before, words[holder.kind].narrowed),
    ...(guardsNothing ? [] : denials(holder, differences, before, after)),
    ...(!same && holdsVariables([...before, ...after]) ? [variables(holder)] : []),
    ...differences.undecided.map(({ actions, why }): AccessChange => {
      const names = actions.map(readableAction);
      return {
        ...at(holder),
        direction: "cannot-tell",
        kind: holder.kind,
        what: `of ${shortened(names)}, ${why}`,
        actions: names,
      };
    }),
  ];
}

/** Variables become other texts for each request, and are compared as they are written. */
const holdsVariables = (layers: Layers): boolean => {
  const texts = layers
    .flat()
    .flatMap(({ Resource = [], NotResource = [], Condition = [] }) => [
      ...Resource,
      ...NotResource,
      ...Condition.flatMap(({ values }) => values),
    ]);
  return texts.some((text) => /\$\{(?!AWS::|[*?$]\})/.test(text));
};

const variables = (holder: Holder): AccessChange => ({
  ...at(holder),
  direction: "cannot-tell",
  kind: holder.kind,
  what: "its policies hold variables, whose values decide more than is told here",
});

const words: Readonly<Record<HolderKind, { readonly widened: string; readonly narrowed: string }>> = {
  permissions: { widened: "is newly allowed", narrowed: "is no longer allowed" },
  trust: { widened: "newly trusts", narrowed: "no longer trusts" },
  "resource-policy": { widened: "newly lets", narrowed: "no longer lets" },
  guardrail: { widened: "no longer forbids", narrowed: "newly forbids" },
};

/** A denial binds also those whose permissions stand elsewhere: of a resource, and of who has policies of AWS's. */
function denials(holder: Holder, differences: Differences, before: Layers, after: Layers): AccessChange[] {
  if (holder.kind !== "resource-policy" && holder.kind !== "permissions") return [];
  const beside = (requests: readonly Request[], told: readonly Request[]) =>
    requests.filter(
      ({ action, resource, principal }) =>
        !told.some(
          (each) =>
            each.action === action && each.resource === resource && each.principal?.id === principal?.id,
        ),
    );
  return [
    ...describe(
      holder,
      "widened",
      beside(differences.noLongerDenied, differences.newlyAllowed),
      before,
      "no longer denies",
    ),
    ...describe(
      holder,
      "narrowed",
      beside(differences.newlyDenied, differences.noLongerAllowed),
      after,
      "newly denies",
    ),
  ];
}

/** Requests that differ in their action only are told together. */
function describe(
  holder: Holder,
  direction: Direction,
  requests: readonly Request[],
  deciding: Layers,
  verb: string,
): AccessChange[] {
  const groups = new Map<string, Request[]>();
  for (const request of withoutRepeats(requests)) {
    const { action: _action, ...rest } = request;
    addTo(groups, JSON.stringify(rest), request);
  }
  return [...groups.values()].map((group): AccessChange => {
    const [first] = group as [Request];
    const { action, resource, principal, context } = first;
    const actions = group.map((each) => readableAction(each.action));
    const on = resourcesOf(decidingStatements(first, deciding));
    return {
      ...at(holder),
      direction,
      kind: holder.kind,
      what: [
        verb,
        ...(principal ? [personOf(principal)] : []),
        ...(holder.kind !== "trust"
          ? [shortened(actions)]
          : actions.some((each) => /^sts:AssumeRole/.test(each))
            ? []
            : [`to ${shortened(actions)}`]),
        ...(on.length > 0 && holder.kind !== "trust" ? [`on ${shortened(on)}`] : []),
        ...conditionsOf(context),
      ].join(" "),
      actions,
      example: {
        action: readableAction(action),
        resource,
        ...(principal && { principal: personOf(principal) }),
        conditions: context,
      },
    };
  });
}

/** An account's root and everybody in it are the same to a policy that names the account. */
function withoutRepeats(requests: readonly Request[]): Request[] {
  const everyone = new Set(
    requests.flatMap(({ action, principal }) =>
      principal && isEveryone(principal) ? [`${action} ${accountOf(principal)}`] : [],
    ),
  );
  return requests.filter(
    ({ action, principal }) =>
      !(principal?.id.endsWith(":root") && everyone.has(`${action} ${accountOf(principal)}`)),
  );
}

const accountOf = ({ id }: Principal): string => id.split(":")[4] ?? "";
const isEveryone = ({ id }: Principal): boolean => id === everyoneIn(id.split(":")[4] ?? "");

const personOf = (principal: Principal): string => {
  if (principal.id === stranger.id) return "anyone at all";
  if (principal.id === anyoneBy(principal.type).id) return `any principal of type ${principal.type}`;
  return isEveryone(principal) ? `everyone in account ${accountOf(principal)}` : principal.id;
};

const resourcesOf = (statements: ReturnType<typeof decidingStatements>): string[] => [
  ...new Set(
    statements.flatMap(({ Resource = [], NotResource = [] }) => [
      ...Resource,
      ...NotResource.map((each) => `all but ${each}`),
    ]),
  ),
];

const conditionsOf = (context: Request["context"]): string[] => {
  const said = Object.entries(context).map(([key, values]) => `${key} is ${values.join(" and ") || "empty"}`);
  return said.length > 0 ? [`where ${said.join(", ")}`] : [];
};

const most = 4;

const shortened = (texts: readonly string[]): string =>
  texts.length > most + 1
    ? `${texts.slice(0, most).join(", ")} and ${texts.length - most} more`
    : texts.join(", ");

const at = ({ resource }: Holder) => placeOf(resource);
