import { addTo } from "../lists";
import type { Principal, Statement } from "../policies";
import { holds, isKnownOperator, type KeyValue, valuesToAsk } from "./conditions";
import { matchesGlob, regionsOf } from "./globs";
import { isMeant, principalsToAsk } from "./principals";

/** Statements that decide together; a request needs an allow of each layer, and a deny of any ends it. */
export type Layers = readonly (readonly Statement[])[];

/** A request that stands for all that the policies cannot tell from it. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Nothing where the policies say no principals. */
  readonly principal: Principal | undefined;
  /** What it says of keys, in small letters; a key that is not there is absent. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

type Decision = "allowed" | "denied" | "not allowed";

/** Requests whose decision differs, each with the action as the reader would name it. */
export interface Differences {
  readonly newlyAllowed: readonly Request[];
  readonly noLongerAllowed: readonly Request[];
  readonly newlyDenied: readonly Request[];
  readonly noLongerDenied: readonly Request[];
  /** Actions of which the policies could not be compared, and why. */
  readonly undecided: readonly { readonly actions: readonly string[]; readonly why: string }[];
}

export const noDifferences: Differences = {
  newlyAllowed: [],
  noLongerAllowed: [],
  newlyDenied: [],
  noLongerDenied: [],
  undecided: [],
};

/** Situations of one action that are worked through; beyond, nothing is claimed. */
const mostSituations = 200_000;

/**
 * Compares what two sets of policies decide, by asking both every request that they could tell from another: of each
 * action, the parts into which the patterns of resources cut all ARNs, every principal that is named and one that is
 * not, and what the conditions tell apart. It answers the question of IAM Access Analyzer's `CheckNoNewAccess`.
 *
 * Keys of conditions are taken as independent of each other and of the principal, so that a request may be asked that
 * AWS never sees: a widening can be claimed that does not come, none that comes is left out.
 *
 * @param actions names to ask, as AWS spells them: all that the patterns may mean
 */
export function differencesBetween(before: Layers, after: Layers, actions: readonly string[]): Differences {
  const found = {
    newlyAllowed: [] as Request[],
    noLongerAllowed: [] as Request[],
    newlyDenied: [] as Request[],
    noLongerDenied: [] as Request[],
    undecided: [] as { actions: readonly string[]; why: string }[],
  };
  for (const alike of actionsAlike([...before, ...after].flat(), actions)) {
    const [action] = alike as [string];
    const [old, now] = [concerning(before, action), concerning(after, action)];
    if (keyOf(old) === keyOf(now)) continue;
    const { told, undecided } = differencesOf(action, old, now);
    if (undecided !== undefined) found.undecided.push({ actions: alike, why: undecided });
    for (const [kind, request] of told) {
      found[kind].push(...alike.map((name) => ({ ...request, action: name })));
    }
  }
  return found;
}

type Kind = Exclude<keyof Differences, "undecided">;

interface Told {
  readonly told: readonly [Kind, Request][];
  readonly undecided: string | undefined;
}

/** Of each kind, for each principal and each set of statements that decides, a request that says little. */
function differencesOf(action: string, before: Layers, after: Layers): Told {
  const statements = [...before, ...after].flat();
  const [old, now] = [decider(statements, before), decider(statements, after)];
  const { situations, undecided } = situationsOf(statements);
  const told = principalsToAsk(statements).flatMap((principal): [Kind, Request][] => {
    const meant = maskOf(statements, (statement) => concernsPrincipal(statement, principal));
    const found = new Map<string, [Kind, Request]>();
    for (const { mask, resource, context } of situations) {
      const applying = mask & meant;
      for (const kind of kindsOf(old(applying), now(applying))) {
        const key = `${kind} ${applying}`;
        if (!found.has(key)) found.set(key, [kind, { action, resource, principal, context }]);
      }
    }
    return withoutCovered([...found.values()], statements, principal);
  });
  return { told, undecided };
}

/** Requests that no other tells already: those of whose deciding statements another's are a part are left out. */
function withoutCovered(
  found: readonly [Kind, Request][],
  statements: readonly Statement[],
  principal: Principal | undefined,
): [Kind, Request][] {
  const asked = found.map(([kind, request]) => ({
    kind,
    request,
    deciding: maskOf(statements, (statement) => {
      const wanted = kind === "newlyDenied" || kind === "noLongerDenied" ? "Deny" : "Allow";
      return (
        statement.Effect === wanted && concernsPrincipal(statement, principal) && isAsked(statement, request)
      );
    }),
  }));
  return asked
    .filter(
      ({ kind, deciding }, at) =>
        !asked.some(
          (other, index) =>
            other.kind === kind &&
            index !== at &&
            (other.deciding & deciding) === other.deciding &&
            (other.deciding !== deciding || index < at),
        ),
    )
    .map(({ kind, request }) => [kind, request]);
}

const isAsked = (statement: Statement, { resource, context }: Request): boolean =>
  concernsResource(statement, resource) &&
  (statement.Condition ?? []).every((condition) => holds(condition, said(context, condition.key)));

/** A key may have the name of something that every object has. */
const said = (context: Request["context"], key: string): KeyValue =>
  Object.hasOwn(context, key) ? context[key] : undefined;

function kindsOf(old: Decision, now: Decision): Kind[] {
  if (old === now) return [];
  return [
    ...(now === "allowed" ? ["newlyAllowed" as const] : []),
    ...(old === "allowed" ? ["noLongerAllowed" as const] : []),
    ...(now === "denied" ? ["newlyDenied" as const] : []),
    ...(old === "denied" ? ["noLongerDenied" as const] : []),
  ];
}

/** Statements as bits, in their order: those for which a test holds. */
type Mask = bigint;

const maskOf = (statements: readonly Statement[], test: (statement: Statement) => boolean): Mask =>
  statements.reduce((mask, statement, at) => (test(statement) ? mask | (1n << BigInt(at)) : mask), 0n);

/** What layers decide where the statements of a mask apply. */
function decider(statements: readonly Statement[], layers: Layers): (applying: Mask) => Decision {
  const members = layers.map((layer) => new Set(layer));
  const denying = maskOf(
    statements,
    (statement) => statement.Effect === "Deny" && members.some((layer) => layer.has(statement)),
  );
  const allowing = members.map((layer) =>
    maskOf(statements, (statement) => statement.Effect === "Allow" && layer.has(statement)),
  );
  return (applying) => {
    if ((applying & denying) !== 0n) return "denied";
    return allowing.every((layer) => (applying & layer) !== 0n) ? "allowed" : "not allowed";
  };
}

/** A resource and what is said of the keys, and which statements apply to it as far as these go. */
interface Situation {
  readonly mask: Mask;
  readonly resource: string;
  readonly context: Request["context"];
}

interface Situations {
  readonly situations: readonly Situation[];
  /** Why others may be missing. */
  readonly undecided: string | undefined;
}

/** One situation for each set of statements that can apply together; that set alone decides. */
function situationsOf(statements: readonly Statement[]): Situations {
  const { resources, isComplete } = resourcesToAsk(statements);
  let undecided = isComplete ? undefined : "its patterns of resources are too many to compare each with each";
  const conditions = statements.flatMap(({ Condition = [] }) => Condition);
  const unknown = conditions.find((condition) => !isKnownOperator(condition));
  if (unknown) undecided = `what the operator ${unknown.operator} holds of is not known`;
  let situations = fewest(
    resources.map((resource) => ({
      mask: maskOf(statements, (statement) => concernsResource(statement, resource)),
      resource,
      context: {},
    })),
  );
  for (const key of new Set(conditions.map((condition) => condition.key))) {
    const ofKey = conditions.filter((condition) => condition.key === key);
    const values = valuesToAsk(ofKey) ?? [
      undefined,
      ...ofKey.flatMap((each) => each.values.map((value) => [value])),
    ];
    if (situations.length * values.length > mostSituations) {
      return { situations, undecided: `its values for ${key} are too many to compare` };
    }
    const masks = values.map((value) => maskOf(statements, (statement) => allHold(statement, key, value)));
    situations = fewest(
      situations.flatMap(({ mask, resource, context }) =>
        values.map((value, at) => ({
          mask: mask & (masks[at] ?? 0n),
          resource,
          context: value === undefined ? context : { ...context, [key]: value },
        })),
      ),
    );
  }
  return { situations, undecided };
}

/** Of the situations in which the same statements apply, the one that says least. */
function fewest(situations: readonly Situation[]): Situation[] {
  const said = ({ context }: Situation): number => Object.keys(context).length;
  const byMask = new Map<Mask, Situation>();
  for (const situation of situations) {
    const known = byMask.get(situation.mask);
    if (!known || said(situation) < said(known)) byMask.set(situation.mask, situation);
  }
  return [...byMask.values()].sort((a, b) => said(a) - said(b));
}

/** A text of each region; or, where there are too many regions, one or two for each pattern. */
function resourcesToAsk(statements: readonly Statement[]): {
  readonly resources: readonly string[];
  readonly isComplete: boolean;
} {
  const patterns = [
    ...new Set(statements.flatMap(({ Resource = [], NotResource = [] }) => [...Resource, ...NotResource])),
  ];
  const regions = regionsOf(patterns);
  if (regions) return { resources: regions.map(({ example }) => example), isComplete: true };
  const examples = patterns.flatMap((pattern) =>
    ["x", "any:thing/else"].map((text) => pattern.replaceAll("*", text).replaceAll("?", "x")),
  );
  return { resources: [...examples, "arn:aws:none:::elsewhere"], isComplete: false };
}

const concernsResource = ({ Resource, NotResource }: Statement, resource: string): boolean =>
  (!Resource || Resource.some((pattern) => matchesGlob(pattern, resource))) &&
  !NotResource?.some((pattern) => matchesGlob(pattern, resource));

const concernsPrincipal = (
  { Principal, NotPrincipal }: Statement,
  principal: Principal | undefined,
): boolean =>
  (!Principal || (principal !== undefined && isMeant(principal, Principal))) &&
  !(NotPrincipal && principal && isMeant(principal, NotPrincipal));

const allHold = ({ Condition = [] }: Statement, key: string, value: KeyValue): boolean =>
  Condition.every((condition) => condition.key !== key || holds(condition, value));

/** Actions that every statement takes alike. */
function actionsAlike(statements: readonly Statement[], actions: readonly string[]): string[][] {
  const patterns = [
    ...new Set(statements.flatMap(({ Action = [], NotAction = [] }) => [...Action, ...NotAction])),
  ];
  const tests = patterns.map(actionPattern);
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const signature = tests.map((test) => (test(action) ? "1" : "0")).join("");
    addTo(groups, signature, action);
  }
  return [...groups.values()];
}

/** Actions are the same in capital and in small letters. Source: "IAM JSON policy elements: Action". */
function actionPattern(pattern: string): (action: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === "*") return () => true;
  if (!/[*?]/.test(wanted)) return (action) => action.toLowerCase() === wanted;
  const [literal = ""] = wanted.split(/[*?]/);
  return (action) => {
    const given = action.toLowerCase();
    return given.startsWith(literal) && matchesGlob(wanted, given);
  };
}

const concerning = (layers: Layers, action: string): Layers =>
  layers.map((statements) => statements.filter((statement) => concerns(statement, action)));

const concerns = ({ Action, NotAction }: Statement, action: string): boolean =>
  Action
    ? Action.some((each) => actionPattern(each)(action))
    : !(NotAction ?? []).some((each) => actionPattern(each)(action));

/** What a statement says beside its name and its actions, whatever the order. */
const keyOf = (layers: Layers): string =>
  JSON.stringify(
    layers.map((statements) =>
      statements
        .map(({ Sid: _sid, Action: _action, NotAction: _notAction, ...rest }) => JSON.stringify(rest))
        .sort(),
    ),
  );

/** Statements that decide a request: those that deny it, or else those that allow it. */
export function decidingStatements(request: Request, layers: Layers): Statement[] {
  const found = concerning(layers, request.action)
    .flat()
    .filter((statement) => concernsPrincipal(statement, request.principal) && isAsked(statement, request));
  const denying = found.filter(({ Effect }) => Effect === "Deny");
  return denying.length > 0 ? denying : found;
}
