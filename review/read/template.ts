import { type Attributes, type Resource, resourceId, unknown, type Value } from "../graph";
import { addTo } from "../lists";
import { withoutEmpty } from "./attributes";
import { isObject, put } from "./json";
import { parseYamlTemplate } from "./yaml-template";

type Parameters = ReadonlyMap<string, Value>;

const carriers: ReadonlySet<string> = new Set(["aws_cloudformation_stack", "aws_cloudformation_stack_set"]);

/**
 * Resources that the CloudFormation templates of others make. What a function computes is unknown, but for what it
 * leaves of a text.
 */
export function insideTemplates(resources: readonly Resource[]): Resource[] {
  return resources.flatMap((carrier) => {
    const body = carriers.has(carrier.type) ? carrier.attributes.template_body : undefined;
    const template = typeof body === "string" ? parsed(body) : undefined;
    if (!isObject(template?.Resources)) return [];
    return resourcesOf(carrier, template.Resources, parametersOf(carrier, template));
  });
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = body.trimStart().startsWith("{") ? JSON.parse(body) : parseYamlTemplate(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is given for each parameter, or else its default. */
function parametersOf({ attributes }: Resource, { Parameters }: Record<string, unknown>): Parameters {
  const given = isObject(attributes.parameters) ? (attributes.parameters as Attributes) : {};
  return new Map(
    Object.entries(isObject(Parameters) ? Parameters : {}).flatMap(([name, declared]) => {
      const fallback = isObject(declared) ? declared.Default : undefined;
      const value = Object.hasOwn(given, name) ? given[name] : fallback;
      return value === undefined ? [] : [[name, value as Value]];
    }),
  );
}

const resourcesOf = (
  carrier: Resource,
  resources: Record<string, unknown>,
  parameters: Parameters,
): Resource[] =>
  Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || typeof resource.Type !== "string") return [];
    const address = `${carrier.address}/${logicalId}`;
    const id = resourceId(carrier.stack, address);
    return {
      id,
      configured: id,
      stack: carrier.stack,
      address,
      type: resource.Type,
      construct: carrier.construct,
      ...(carrier.writtenAt && { writtenAt: carrier.writtenAt }),
      attributes: (withoutEmpty(resolved(resource.Properties ?? {}, parameters)) ?? {}) as Attributes,
      references: referencesOf(carrier, resource.Properties),
      source: (name) => JSON.stringify(isObject(resource.Properties) ? resource.Properties[name] : undefined),
    };
  });

/** Of what stands in a list under a condition, both: nobody knows here which of them it will be. */
function branches(item: unknown): unknown[] {
  const choice = isObject(item) ? item["Fn::If"] : undefined;
  if (!Array.isArray(choice)) return [item];
  const [, ...either] = choice;
  return either.every(isObject)
    ? either.filter(({ Ref }) => Ref !== "AWS::NoValue").flatMap(branches)
    : [item];
}

/** A value with what CloudFormation computes in it made unknown. */
function resolved(value: unknown, parameters: Parameters): Value {
  if (Array.isArray(value)) return value.flatMap(branches).map((item) => resolved(item, parameters));
  if (!isObject(value)) return value as Value;
  const [only, ...others] = Object.keys(value);
  if (only !== undefined && others.length === 0) {
    if (only === "Fn::Sub") return substituted(value[only], parameters);
    if (only === "Ref") return parameterOf(String(value[only]), parameters);
    if (only.startsWith("Fn::")) return unknown;
  }
  const result: Record<string, Value> = {};
  for (const [name, item] of Object.entries(value)) {
    // Of two documents under a condition, each is judged.
    const either = isPolicy.test(name) ? branches(item) : [item];
    put(result, name, resolved(either.length > 1 ? either : either[0], parameters));
  }
  return result;
}

const isPolicy = /Polic(y|yDocument)$/;

/** Partition, account, Region and the like: not known, but never a wildcard and never empty, so they stay as written. */
const pseudoParameters = /^AWS::(AccountId|Partition|Region|StackId|StackName|URLSuffix)$/;

const parameterOf = (name: string, parameters: Parameters): Value =>
  pseudoParameters.test(name) ? `\${${name}}` : (parameters.get(name) ?? unknown);

/** Source: "Fn::Sub" (AWS CloudFormation): `${!Name}` stands for `${Name}` itself. */
function substituted(argument: unknown, parameters: Parameters): Value {
  const text = Array.isArray(argument) ? argument[0] : argument;
  if (typeof text !== "string") return unknown;
  return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) =>
    literal ? `\${${name}}` : String(parameterOf(name, parameters)),
  );
}

function referencesOf({ stack, address }: Resource, properties: unknown): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const walk = (value: unknown, at: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, at);
    if (!isObject(value)) return;
    for (const logicalId of referredBy(value)) {
      const [name] = logicalId.split(".");
      addTo(found, at, resourceId(stack, `${address}/${name}`));
    }
    for (const [name, item] of Object.entries(value)) {
      const beside = at ? `${at}.${name}` : name;
      walk(item, name.startsWith("Fn::") ? at : beside);
    }
  };
  walk(properties, "");
  return found;
}

/** Logical ids, some with an attribute after a dot. */
function referredBy(value: Record<string, unknown>): string[] {
  const attribute = value["Fn::GetAtt"];
  return [
    ...("Ref" in value ? [String(value.Ref)] : []),
    ...(attribute === undefined ? [] : [String(Array.isArray(attribute) ? attribute[0] : attribute)]),
    ...namesIn(value["Fn::Sub"]),
  ];
}

/** What a text of `Fn::Sub` names of the template. */
function namesIn(argument: unknown): string[] {
  const [text, own] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== "string") return [];
  const named = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = ""]) => name);
  return named.filter((name) => !pseudoParameters.test(name) && !(isObject(own) && name in own));
}
