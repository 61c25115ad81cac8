import type { TerraformState } from "./fixture";

/** A stack's configuration as JSON, as far as it is rewritten here. */
interface Configuration {
  readonly terraform: Readonly<Record<string, unknown>>;
  readonly provider: { readonly aws: readonly Readonly<Record<string, unknown>>[] };
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/**
 * A stack's configuration in a form that Terraform plans against a kept state without asking AWS: the provider enters
 * no account, and data sources answer what they answered when the state was kept. A data source that is new is not
 * known before the apply. `prevent_destroy` goes, since it ends a plan before the plan can say what would be lost.
 */
export function offline(text: string, state: TerraformState | undefined): string {
  const configuration = JSON.parse(text) as Configuration;
  const { backend: _, ...terraform } = configuration.terraform;
  const sources = Object.entries(configuration.data ?? {}).flatMap(([type, named]) =>
    Object.keys(named).map((name) => ({ type, name, answer: answerOf(state, type, name) })),
  );
  const local = ({ type, name }: { type: string; name: string }) => `kept_${type}_${name}`;
  const { data: __, ...rest } = configuration;
  const planned = {
    ...rest,
    terraform,
    provider: { aws: configuration.provider.aws.map(providerAtRest) },
    resource: {
      ...mapped(configuration.resource ?? {}, (named) => mapped(named, withoutGuard)),
      ...unanswered(sources.filter(({ answer }) => answer === undefined).map(local)),
    },
    locals: Object.fromEntries(
      sources.map((source) => [
        local(source),
        source.answer === undefined ? `\${terraform_data.${local(source)}.output}` : literal(source.answer),
      ]),
    ),
  };
  return sources.reduce(
    (json, source) => json.replaceAll(`data.${source.type}.${source.name}`, `local.${local(source)}`),
    // Terraform shows the line on which a mistake stands.
    JSON.stringify(withoutDataDependencies(planned), undefined, 2),
  );
}

const mapped = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(record).map(([name, value]): [string, To] => [name, change(value)]));

const answerOf = (
  state: TerraformState | undefined,
  type: string,
  name: string,
): Readonly<Record<string, unknown>> | undefined =>
  state?.resources.find((one) => one.mode === "data" && one.type === type && one.name === name)?.instances[0]
    ?.attributes;

/** What a data source answered stands for itself, whatever signs of templates are in it. */
const literal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign));

/** A resource whose output is known only after apply, one for each data source that the release did not have. */
const unanswered = (names: readonly string[]) =>
  names.length === 0
    ? {}
    : { terraform_data: Object.fromEntries(names.map((name) => [name, { input: "new data source" }])) };

function providerAtRest(provider: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { assume_role: _, allowed_account_ids: __, ...rest } = provider;
  return {
    ...rest,
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
  };
}

function withoutGuard(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { lifecycle } = resource;
  if (lifecycle === undefined) return resource;
  const { prevent_destroy: _, ...rest } = lifecycle as Readonly<Record<string, unknown>>;
  return { ...resource, lifecycle: rest };
}

const withoutDataDependencies = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === "depends_on" && Array.isArray(inner)
      ? inner.filter((one) => !String(one).startsWith("data."))
      : inner,
  );
