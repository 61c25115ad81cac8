import { countedReadings } from "./counts";
import { type QuotaId, quotaOf } from "./index";
import { measure, misfit } from "./measure";
import { isBroken, left, type Reading } from "./reading";
import { attributesOf } from "./resources";
import { type Resource, resourcesOf, type StackJson, templateResources, templatesOf } from "./stacks";
import { isReference, received, valuesAt } from "./values";

export function reading(id: QuotaId, where: string, value: unknown): Reading {
  const quota = quotaOf(id);
  const wrong = quota.unit === "items" ? undefined : misfit(quota, value);
  return { quota, where, used: measure(quota, value), ...(wrong !== undefined && { misfit: wrong }) };
}

export const placeOf = ({ stack, type, name }: Resource, path = ""): string =>
  `${stack}: ${type}.${name} ${path}`.trim();

/** Texts of Terraform's as AWS receives them, in documents too; those of a template are so already. */
const sent = ({ type }: Resource, value: unknown): unknown =>
  type.includes("::")
    ? value
    : (JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        typeof each === "string" ? received(each) : each,
      ) as unknown);

function attributeReadings(resource: Resource): Reading[] {
  return Object.entries(attributesOf[resource.type] ?? {}).flatMap(([path, ids]) =>
    "free" in ids
      ? []
      : valuesAt(resource.attributes, path)
          .filter((value) => value !== null && value !== "" && !isReference(value))
          .flatMap((value) => ids.map((id) => reading(id, placeOf(resource, path), sent(resource, value)))),
  );
}

/** Names and values of tags, by the strictest of AWS's services; each that occurs is read once. */
function tagReadings(resources: readonly Resource[]): Reading[] {
  const found = new Map<string, readonly [Resource, string, string]>();
  for (const resource of resources) {
    const own = (resource.attributes.tags ?? {}) as Readonly<Record<string, string>>;
    for (const [key, value] of [...Object.entries(resource.defaultTags), ...Object.entries(own)])
      if (!isReference(value)) found.set(JSON.stringify([key, value]), [resource, key, received(value)]);
  }
  return [...found.values()].flatMap(([resource, key, value]) => [
    reading("iam:CreateRole.Tags[].Key", placeOf(resource, `tags ${key}`), key),
    reading("iam:CreateRole.Tags[].Value", placeOf(resource, `tags ${key}`), value),
  ]);
}

/** Every synthesized document and name held against its quotas, and what is counted over all of them. */
export function readingsOf(stacks: ReadonlyMap<string, StackJson>): Reading[] {
  const terraform = resourcesOf(stacks);
  const templates = templatesOf(terraform);
  const all = [...terraform, ...templateResources(templates)];
  return [
    ...all.flatMap(attributeReadings),
    ...tagReadings(terraform),
    ...countedReadings(terraform, all, templates),
  ];
}

/** The nearest to its limit of each quota, worst first; what is broken before all. */
export function worstFirst(readings: readonly Reading[]): Reading[] {
  const worse = (a: Reading, b: Reading) =>
    Number(isBroken(b)) - Number(isBroken(a)) || left(a) - left(b) || (a.where < b.where ? -1 : 1);
  const worst = new Map<string, Reading>();
  for (const each of readings) {
    const known = worst.get(each.quota.id);
    if (known === undefined || worse(each, known) < 0) worst.set(each.quota.id, each);
  }
  return [...worst.values()].sort(worse);
}
