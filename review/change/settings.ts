import { type Graph, isUnknown, type Resource, type Value } from "../graph";
import { entryOf } from "../lists";
import { guardChanges, guardMoved, guardsOtherwise } from "./guards";
import { gifts, standsBefore } from "./guards-table";
import type { AccessChange } from "./model";
import { byId, placeOf } from "./places";
import { settings } from "./settings-table";
import { forever, type Strength } from "./strength";
import { said, valuesAt, whatIsGiven } from "./values";

/** Settings that are weaker or stronger than before, guards that came or went, and what is newly shared. */
export function settingChanges(before: Graph, after: Graph): AccessChange[] {
  const [old, now] = [byId(before), byId(after)];
  const [earlier, configured] = [before, after].map(
    ({ resources }) => new Set(resources.map((resource) => resource.configured)),
  ) as [Set<string>, Set<string>];
  return [
    ...after.resources.flatMap((resource) => {
      const was = old.get(resource.id);
      return was
        ? [
            ...weighed(was, resource),
            ...given(was, resource),
            ...guardMoved(was, resource),
            ...guardsOtherwise(was, resource),
            ...regrouped(was, resource),
            ...placedOtherwise(was, resource),
            ...templateElsewhere(was, resource),
          ]
        : [
            ...guardChanges(resource, "narrowed", earlier),
            ...given(undefined, resource),
            ...weighedAnew(resource),
          ];
    }),
    ...before.resources.flatMap((resource) =>
      now.has(resource.id)
        ? []
        : [...guardChanges(resource, "widened", configured), ...given(resource, undefined)],
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

/** What stands no longer behind a list gets the VPC's default list. Source: "Network ACLs" (Amazon VPC). */
const placedOtherwise = (was: Resource, is: Resource): AccessChange[] =>
  (entryOf(standsBefore, is.type) ?? [])
    .filter(([at]) => said(was, at) !== said(is, at))
    .map(([at, what]) => ({
      ...placeOf(is),
      kind: "network",
      direction: "cannot-tell",
      what: `stands before other ${what} than before (${at})`,
    }));

/** Of a template that stands elsewhere nobody here knows what it makes. */
function templateElsewhere(was: Resource, is: Resource): AccessChange[] {
  const isElsewhere = [was, is].some(({ attributes }) => valuesAt(attributes, "template_url").length > 0);
  if (!isElsewhere || said(was, "template_url") === said(is, "template_url")) return [];
  const what = "its template stands elsewhere (template_url), and what it makes is not compared";
  return [{ ...placeOf(is), kind: "permissions", direction: "cannot-tell", what }];
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
  const holdsMore = (these: readonly string[] = [], those: readonly string[] = []) =>
    these.some((part) => !those.includes(part));
  return [
    ...(is && holdsMore(now, old) ? [change("widened", `newly gives ${whatIsGiven(is, attributes)}`)] : []),
    ...(was && holdsMore(old, now)
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
