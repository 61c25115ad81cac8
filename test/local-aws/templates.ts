import type { AwsCall } from "./protocol";

/** A resource of a CloudFormation template with its references resolved as far as a caller can know them. */
export interface TemplateResource {
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const carriers = new Set([
  "CreateStack",
  "UpdateStack",
  "CreateStackSet",
  "UpdateStackSet",
  "CreateChangeSet",
]);

/** Resources of the template that a CloudFormation call carries; none for other calls. */
export function templateResources(call: AwsCall): TemplateResource[] {
  const body = call.parameters.TemplateBody;
  if (call.service !== "cloudformation" || !carriers.has(call.operation) || typeof body !== "string")
    return [];
  const template = parse(body);
  const values = parametersOf(call);
  return Object.entries(template.Resources ?? {}).flatMap(([name, resource]) => {
    const { Type, Properties = {} } = resource as { Type: string; Properties?: Record<string, unknown> };
    return choicesOf(Properties).map((choice) => ({
      type: Type,
      name,
      properties: resolve(Properties, values, choice) as Record<string, unknown>,
    }));
  });
}

/** Positions in `Fn::If` of what holds where the condition does, and where it does not. */
type Choice = 1 | 2;

/** Where a resource depends on a condition, what it is either way: each has to stand. */
const choicesOf = (properties: Record<string, unknown>): readonly Choice[] =>
  JSON.stringify(properties).includes('"Fn::If"') ? [1, 2] : [1];

/** The kit writes JSON; YAML templates of others are left to the emulator. */
function parse(body: string): Record<string, object> {
  try {
    return JSON.parse(body) as Record<string, object>;
  } catch {
    return {};
  }
}

/** Account and region of a StackSet's stacks are not known to the call: they stay as they are written. */
const parametersOf = (call: AwsCall): Map<string, string> =>
  new Map([["AWS::Partition", "aws"], ...Object.entries(templateParameters(call))]);

/** Values that a call gives to a template's parameters, by name. */
export const templateParameters = ({ parameters }: AwsCall): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, key]) => {
      const index = /^Parameters\.member\.(\d+)\.ParameterKey$/.exec(name)?.[1];
      return index === undefined
        ? []
        : [[String(key), String(parameters[`Parameters.member.${index}.ParameterValue`])]];
    }),
  );

function resolve(value: unknown, values: ReadonlyMap<string, string>, choice: Choice): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, values, choice));
  if (value === null || typeof value !== "object") return value;
  const record = value as Record<string, unknown>;
  if (typeof record.Ref === "string") return values.get(record.Ref) ?? `\${${record.Ref}}`;
  if (Array.isArray(record["Fn::If"])) return resolve(record["Fn::If"][choice], values, choice);
  if (typeof record["Fn::Sub"] === "string") {
    return record["Fn::Sub"].replace(/\$\{([^!}]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
  }
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [key, resolve(item, values, choice)]),
  );
}
