import { isDeepStrictEqual } from "node:util";
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";

/** A CloudFormation template, as far as an update of it is judged. */
export interface UpdatedTemplate {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, UpdatedResource>>;
}

interface UpdatedResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A resource that an update of a template removes or makes anew. */
export interface TemplateLoss {
  readonly logicalId: string;
  readonly type: string;
  readonly what: "removed" | "replaced";
  /** Properties whose change CloudFormation's schema answers with a replacement; none where something else is the cause. */
  readonly properties: readonly string[];
  readonly because: string;
  /** The name that the template gives it, which no second resource can have. */
  readonly customName?: unknown;
}

/** What CloudFormation's schema says of a type (`createOnlyProperties` and what stands for a name). */
interface ResourceType {
  readonly replacing: ReadonlyMap<string, "yes" | "maybe">;
  readonly names: readonly string[];
}

type Types = (type: string) => ResourceType | undefined;

let types: Promise<Types> | undefined;

/** CloudFormation's own schemas, as AWS publishes them, read once. */
export const resourceTypes = (): Promise<Types> => {
  types ??= loadAwsServiceSpec().then((specification) => (type) => {
    const [found] = specification.lookup("resource", "cloudFormationType", "equals", type);
    return found && typeOf(found.properties);
  });
  return types;
};

function typeOf(properties: Readonly<Record<string, { causesReplacement?: string }>>): ResourceType {
  const replacing = Object.entries(properties).flatMap(([name, { causesReplacement }]) =>
    causesReplacement === "yes" || causesReplacement === "maybe" ? [[name, causesReplacement] as const] : [],
  );
  // What is given at creation and ends in Name is the name of the resource itself, in every type that the kit uses.
  const names = replacing
    .filter(([name, when]) => when === "yes" && name.endsWith("Name"))
    .map(([name]) => name);
  return { replacing: new Map(replacing), names };
}

/**
 * Why CloudFormation can't carry out an update, in its own words; undefined where it can.
 *
 * What it makes anew it makes before it deletes the old one, so that both would have the name that the template gives.
 *
 * @throws Error for a type that AWS's schemas do not have
 */
export async function impossibleUpdate(
  before: UpdatedTemplate,
  after: UpdatedTemplate,
): Promise<string | undefined> {
  const typeNamed = await resourceTypes();
  const name = (resource: UpdatedResource | undefined): unknown => {
    const type = resource && typeNamed(resource.Type);
    return resource && type && nameIn(resource, type);
  };
  for (const { logicalId, type, what, customName } of await lossesOf(before, after)) {
    if (customName === undefined) continue;
    const taken = ([id, { Type }]: readonly [string, UpdatedResource]): boolean =>
      id !== logicalId && Type === type && isDeepStrictEqual(name(after.Resources?.[id]), customName);
    if (what === "replaced" && isDeepStrictEqual(name(after.Resources?.[logicalId]), customName))
      return (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. " +
        `Rename ${text(customName)} and update the stack again.`
      );
    if (what === "removed" && Object.entries(after.Resources ?? {}).some(taken))
      return `Resource of type '${type}' with identifier '${text(customName)}' already exists.`;
  }
  return undefined;
}

const text = (name: unknown): string => (typeof name === "string" ? name : JSON.stringify(name));

/**
 * Which resources an update of a template removes or replaces.
 *
 * @throws Error for a type that AWS's schemas do not have
 */
export async function lossesOf(before: UpdatedTemplate, after: UpdatedTemplate): Promise<TemplateLoss[]> {
  const typeNamed = await resourceTypes();
  return Object.entries(before.Resources ?? {}).flatMap(([logicalId, earlier]) => {
    const type = typeNamed(earlier.Type);
    if (type === undefined) throw new Error(`AWS's schemas have no type ${earlier.Type} (${logicalId})`);
    const later = after.Resources?.[logicalId];
    const loss = lossOf({ earlier, later, type }, before, after);
    const customName = nameIn(earlier, type);
    return loss
      ? [{ logicalId, type: earlier.Type, ...loss, ...(customName !== undefined && { customName }) }]
      : [];
  });
}

const nameIn = ({ Properties = {} }: UpdatedResource, { names }: ResourceType): unknown =>
  names.map((name) => Properties[name]).find((name) => name !== undefined);

function lossOf(
  {
    earlier,
    later,
    type,
  }: { earlier: UpdatedResource; later: UpdatedResource | undefined; type: ResourceType },
  before: UpdatedTemplate,
  after: UpdatedTemplate,
): Pick<TemplateLoss, "what" | "properties" | "because"> | undefined {
  if (later === undefined)
    return { what: "removed", properties: [], because: "the template no longer has this logical id" };
  if (later.Type !== earlier.Type)
    return { what: "replaced", properties: [], because: `its type is now ${later.Type}` };
  if (!isDeepStrictEqual(conditionOf(earlier, before), conditionOf(later, after)))
    return {
      what: "removed",
      properties: [],
      because: "it has another condition, which may not hold everywhere",
    };
  const properties = changedOf(earlier, later).filter((name) => replaces(earlier, later, type, name));
  if (properties.length === 0) return undefined;
  const changes = properties.map((name) => `${name} ${shown(earlier, name)} becomes ${shown(later, name)}`);
  return { what: "replaced", properties, because: changes.join("; ") };
}

const conditionOf = ({ Condition }: UpdatedResource, { Conditions }: UpdatedTemplate): unknown =>
  Condition === undefined ? undefined : Conditions?.[Condition];

const changedOf = (
  { Properties: before = {} }: UpdatedResource,
  { Properties: after = {} }: UpdatedResource,
) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );

function replaces(
  earlier: UpdatedResource,
  later: UpdatedResource,
  type: ResourceType,
  name: string,
): boolean {
  const when = type.replacing.get(name);
  if (when !== "maybe") return when === "yes";
  // "UpdateMethod" ("AWS::SSM::Document", AWS CloudFormation template reference): a new version of the same document.
  return !(earlier.Type === "AWS::SSM::Document" && later.Properties?.UpdateMethod === "NewVersion");
}

const shown = ({ Properties = {} }: UpdatedResource, name: string): string => {
  const text = JSON.stringify(Properties[name]) ?? "(nothing)";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};
