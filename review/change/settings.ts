import { type Attributes, type Graph, isUnknown, leftToAws, type Resource, type Value } from "../graph";
import { entryOf } from "../lists";
import type { AccessChange } from "./model";
import { byId, placeOf } from "./places";
import { forever, gifts, guards, type Strength, settings } from "./settings-table";

/** Settings that are weaker or stronger than before, guards that came or went, and what is newly shared. */
export function settingChanges(before: Graph, after: Graph): AccessChange[] {
  const [old, now] = [byId(before), byId(after)];
  const configured = new Set(after.resources.map((resource) => resource.configured));
  return [
    ...after.resources.flatMap((resource) => {
      const was = old.get(resource.id);
      return was
        ? [
            ...weighed(was, resource),
            ...given(was, resource),
            ...guardMoved(was, resource),
            ...regrouped(was, resource),
          ]
        : [...guardCame(resource), ...given(undefined, resource), ...weighedAnew(resource)];
    }),
    ...before.resources.flatMap((resource) =>
      now.has(resource.id) ? [] : [...guardWent(resource, configured), ...given(resource, undefined)],
    ),
  ];
}

function weighed(was: Resource, is: Resource): AccessChange[] {
  return (entryOf(settings, is.type) ?? []).flatMap(({ kind, at, strength }): AccessChange[] => {
    const [old, now] = [valuesAt(was.attributes, at), valuesAt(is.attributes, at)];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const [from, to] = [weight(old, strength), weight(now, strength)];
    const isPlain = old.length < 2 && now.length < 2;
    if (from === to && from !== undefined && isPlain) return [];
    const direction =
      from === undefined || to === undefined || from === to
        ? "cannot-tell"
        : to < from
          ? "widened"
          : "narrowed";
    return [{ ...placeOf(is), kind, direction, what: `${at} was ${shown(old)}, is ${shown(now)}` }];
  });
}

/** Resources that say something of another, which stood there before without it. */
const saysOfAnother =
  /^aws_(s3_bucket_(lifecycle_configuration|acl)|lambda_function_url|api_gateway_method)$/;

const weighedAnew = (resource: Resource): AccessChange[] =>
  saysOfAnother.test(resource.type) ? weighed({ ...resource, attributes: {} }, resource) : [];

function valuesAt(value: Value | undefined, at: string): Value[] {
  const [name = "", ...rest] = at.split(".");
  if (value === undefined || value === leftToAws) return [];
  if (isUnknown(value)) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, at));
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  const found = (value as Attributes)[name] as Value;
  return rest.length > 0 ? valuesAt(found, rest.join(".")) : found === leftToAws ? [] : [found];
}

/** How strong values are; of several, the weakest counts. Nothing where they are not known. */
function weight(values: readonly Value[], strength: Strength): number | undefined {
  if (strength === "said") return values.length > 0 ? 1 : 0;
  if (values.some(isUnknown)) return undefined;
  if (strength === "list") return values.flat().length;
  if ("more" in strength) {
    const { unsaid, forever: never } = strength.more;
    const numbers = values.map(Number).map((value) => (value === never ? forever : value));
    return numbers.length > 0 ? Math.min(...numbers) : unsaid;
  }
  const said = values.length > 0 ? values : [strength.unsaid ?? null];
  if ("strong" in strength) return said.every((value) => sameValue(value, strength.strong)) ? 1 : 0;
  const places = said.map((value) => strength.order.findIndex((each) => sameValue(each, value)));
  // What the order does not know is neither weaker nor stronger.
  return values.length > 0 && places.includes(-1) ? undefined : Math.min(...places);
}

/** Terraform takes `"true"` for `true`. */
const sameValue = (a: Value, b: Value): boolean => String(a) === String(b);

const shown = (values: readonly Value[]): string =>
  values.length === 0
    ? "not said"
    : values.map((value) => (isUnknown(value) ? "unknown" : JSON.stringify(value))).join(" and ");

const guardCame = (resource: Resource): AccessChange[] => {
  const kind = entryOf(guards, resource.type);
  return kind ? [{ ...placeOf(resource), kind, direction: "narrowed", what: "is added" }] : [];
};

function guardWent(resource: Resource, configured: ReadonlySet<string>): AccessChange[] {
  const kind = entryOf(guards, resource.type);
  const guarded = guardedBy.flatMap((name) => resource.references.get(name) ?? []);
  const isNeeded = guarded.length === 0 || guarded.some((to) => configured.has(to) || to.includes("/data."));
  return kind && isNeeded ? [{ ...placeOf(resource), kind, direction: "widened", what: "is removed" }] : [];
}

/** Attributes by which guards name what they guard. */
const guardedBy = [
  "target_id",
  "policy_id",
  "permission_set_arn",
  "bucket",
  "vpc_id",
  "subnet_id",
  "resource_id",
  "resource_arn",
  "backup_vault_name",
  "detector_id",
];

/** A guard that guards something else has left what it guarded before. */
function guardMoved(was: Resource, is: Resource): AccessChange[] {
  const kind = entryOf(guards, is.type);
  const [old, now] = [whatIsGiven(was, guardedBy), whatIsGiven(is, guardedBy)];
  if (!kind || old === now) return [];
  const change = (direction: "widened" | "narrowed", what: string): AccessChange => ({
    ...placeOf(is),
    kind,
    direction,
    what,
  });
  return [
    change("widened", `no longer guards ${old || "anything"}`),
    change("narrowed", `newly guards ${now || "anything"}`),
  ];
}

/** Attributes that say which security groups stand before something. */
const groupsBefore = [
  "vpc_security_group_ids",
  "security_groups",
  "security_group_ids",
  "vpc_config.security_group_ids",
  "network_configuration.security_groups",
  "network_interfaces.security_groups",
];

/** Behind other groups, other ports are open; what the groups let through is told of themselves. */
function regrouped(was: Resource, is: Resource): AccessChange[] {
  if (is.type.includes("security_group")) return [];
  return groupsBefore
    .filter((at) => said(was, at) !== said(is, at))
    .map((at) => ({
      ...placeOf(is),
      kind: "network",
      direction: "cannot-tell",
      what: `stands behind other security groups than before (${at})`,
    }));
}

const said = ({ attributes, references }: Resource, at: string): string =>
  JSON.stringify([valuesAt(attributes, at), references.get(at)]);

function given(was: Resource | undefined, is: Resource | undefined): AccessChange[] {
  const resource = is ?? was;
  const attributes = resource && entryOf(gifts, resource.type);
  if (!resource || !attributes) return [];
  const [old, now] = [was, is].map((of) => (of ? partsGiven(of, attributes) : []));
  const change = (direction: "widened" | "narrowed", what: string): AccessChange => ({
    ...placeOf(resource),
    kind: "sharing",
    direction,
    what,
  });
  const beside = (these: readonly string[] = [], those: readonly string[] = []) =>
    these.some((part) => !those.includes(part));
  return [
    ...(is && beside(now, old) ? [change("widened", `newly gives ${whatIsGiven(is, attributes)}`)] : []),
    ...(was && beside(old, now)
      ? [change("narrowed", `no longer gives ${whatIsGiven(was, attributes)}`)]
      : []),
  ];
}

/** What is given, each item of a list apart: a list that only gets shorter gives nothing new. */
const partsGiven = (resource: Resource, names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const value = resource.attributes[name];
    return Array.isArray(value) && !resource.references.has(name)
      ? value.map((item) => `${name} ${JSON.stringify(item)}`)
      : [whatIsGiven(resource, [name])];
  });

const whatIsGiven = (resource: Resource, names: readonly string[]): string =>
  names
    .flatMap((name) => {
      const value = resource.attributes[name];
      const referred = resource.references.get(name)?.map((to) => to.slice(to.indexOf("/") + 1));
      if (value === undefined || (value === leftToAws && !referred)) return [];
      return [`${name} ${isUnknown(value) ? (referred?.join(", ") ?? "unknown") : JSON.stringify(value)}`];
    })
    .join(", ");
