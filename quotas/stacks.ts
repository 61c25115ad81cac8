import { resolved, type TemplateJson } from "./template";
import { received } from "./values";

/** A synthesized stack, as far as quotas look at it. */
export interface StackJson {
  readonly provider?: { readonly aws?: readonly Provider[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

interface Provider {
  readonly region?: string;
  readonly allowed_account_ids?: readonly string[];
  readonly default_tags?: readonly { readonly tags?: Readonly<Record<string, string>> }[];
}

/** A resource of Terraform, or of a CloudFormation template in one. */
export interface Resource {
  readonly stack: string;
  readonly type: string;
  /** Its name in the stack, or in the template below that of the resource that has it. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Account and region in which it is made, where the stack says so; of a template's, what has the template. */
  readonly place: string;
  /** Tags that every resource of the stack gets. */
  readonly defaultTags: Readonly<Record<string, string>>;
}

export interface Template {
  readonly stack: string;
  /** Resource that has the body. */
  readonly name: string;
  readonly json: TemplateJson;
}

const settings = new Set([
  "//",
  "connection",
  "count",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
  "timeouts",
]);

/** Texts as AWS receives them; what stands in a document stays in its text. */
function plain(value: unknown): unknown {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !settings.has(key))
      .map(([key, each]) => [key, plain(each)]),
  );
}

const templateTypes: readonly string[] = ["aws_cloudformation_stack", "aws_cloudformation_stack_set"];

/** Every resource of the stacks, those of templates beside those of Terraform; texts are still Terraform's. */
export function resourcesOf(stacks: ReadonlyMap<string, StackJson>): Resource[] {
  return [...stacks].flatMap(([stack, { provider, resource = {} }]) => {
    const [aws] = provider?.aws ?? [];
    const place = `${aws?.allowed_account_ids?.[0] ?? "?"} ${aws?.region ?? "?"}`;
    const defaultTags = aws?.default_tags?.[0]?.tags ?? {};
    return Object.entries(resource).flatMap(([type, all]) =>
      Object.entries(all).map(
        ([name, attributes]): Resource => ({
          stack,
          type,
          name,
          attributes: plain(attributes) as Resource["attributes"],
          place,
          defaultTags,
        }),
      ),
    );
  });
}

export const templatesOf = (resources: readonly Resource[]): Template[] =>
  resources
    .filter(({ type }) => templateTypes.includes(type))
    .map(({ stack, name, attributes }) => ({
      stack,
      name,
      json: JSON.parse(received(String(attributes.template_body))) as TemplateJson,
    }));

/** Resources of templates as their services receive them. */
export const templateResources = (templates: readonly Template[]): Resource[] =>
  templates.flatMap(({ stack, name, json }) =>
    Object.entries(json.Resources).map(
      ([id, { Type, Properties = {} }]): Resource => ({
        stack,
        type: Type,
        name: `${name}/${id}`,
        attributes: resolved(Properties) as Resource["attributes"],
        place: `every account, by ${stack}/${name}`,
        defaultTags: {},
      }),
    ),
  );
