import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run, terraformCommand } from "../../cli/terraform";
import { readGraph } from "../../review/index";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { type LocalPool, startLocalPool } from "../local-aws/provider-pool/local";
import { askedOf, type Block, strangers } from "../review/asked";
import { compared } from "../review/compared";
import {
  compiledRule,
  type Example,
  exampleFiles,
  examplesOf,
  graphOf,
  judged,
  rules,
} from "../review/examples";
import { ofModule } from "../review/modules";
import { describeWithTerraform } from "../support/with-tools";

const minutes = 60_000;

interface ProviderSchemas {
  readonly provider_schemas: Readonly<
    Record<string, { readonly resource_schemas: Readonly<Record<string, { readonly block: Block }>> }>
  >;
}

const examples = exampleFiles.flatMap((rule) =>
  examplesOf(rule).map((example, index): readonly [name: string, rule: string, example: Example] => [
    `${rule}-${index + 1}`,
    rule,
    example,
  ]),
);

/** Every example as a module of one configuration, which real Terraform plans with the real provider. */
describeWithTerraform("a review of a plan", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-review-"));
  const planFile = path.join(directory, "plan.json");
  let front: Front;
  let pool: LocalPool;
  let ordinary: NodeJS.ProcessEnv;

  const mustIn = async (environment: NodeJS.ProcessEnv, ...args: string[]): Promise<string> => {
    const { exitCode, stdout, output } = await run(terraformCommand(), [`-chdir=${directory}`, ...args], {
      environment,
    });
    if (exitCode !== 0) throw new Error(output);
    return stdout;
  };
  const must = (...args: string[]): Promise<string> => mustIn({ ...ordinary, ...pool.environment }, ...args);

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    ordinary = localProcessEnvironment(localEnvironment(front.port, "eu-west-1", directory));
    pool = await startLocalPool({ environment: ordinary, stackFolders: [directory] });
    for (const [name, , { resources }] of examples) {
      const folder = path.join(directory, "modules", name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ resource: resources }));
      writeFileSync(path.join(folder, "api.zip"), "");
    }
    const module = Object.fromEntries(examples.map(([name]) => [name, { source: `./modules/${name}` }]));
    writeFileSync(
      path.join(directory, "main.tf.json"),
      JSON.stringify({
        terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
        provider: { aws: { region: "eu-west-1" } },
        module,
      }),
    );
    writeFileSync(path.join(directory, "api.zip"), "");
    await mustIn(ordinary, "init", "-input=false", "-no-color");
    await must("plan", "-input=false", "-no-color", "-out=plan");
    writeFileSync(planFile, await must("show", "-json", "plan"));
  }, 5 * minutes);

  afterAll(async () => {
    await pool.stop();
    await front.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("asks for attributes that the provider has, in every rule", async () => {
    const schemas = JSON.parse(await mustIn(ordinary, "providers", "schema", "-json")) as ProviderSchemas;
    const types = Object.entries(schemas.provider_schemas).find(([name]) => name.endsWith("/aws"))?.[1]
      .resource_schemas;
    const wrong = rules.flatMap(({ id, checks }) =>
      checks.flatMap((check) =>
        askedOf(check).flatMap(({ type, schema }) =>
          type.startsWith("AWS::")
            ? []
            : strangers(schema, types?.[type]?.block).map((name) => `${id}: ${type}.${name}`),
        ),
      ),
    );
    expect(wrong).toEqual([]);
    expect(
      compared.flatMap(({ type, schema }) =>
        type.startsWith("AWS::")
          ? []
          : strangers(schema, types?.[type]?.block).map((name) => `${type}.${name}`),
      ),
    ).toEqual([]);
    expect(strangers({ properties: { bukket: {} } }, types?.aws_s3_bucket?.block)).toEqual(["bukket"]);
    expect(strangers({}, types?.aws_s4_bucket?.block)).toEqual(["(no such type)"]);
  }, 60_000);

  it("finds what a review of the configuration finds, for every example of every rule", () => {
    const plan = readGraph({ plans: [planFile] });
    const differing = examples.flatMap(([name, rule, example]) => {
      const compiled = compiledRule(rule);
      const synthesized = judged(compiled, graphOf(example), example);
      const planned = judged(compiled, ofModule(plan, "plan", name), example);
      const same = JSON.stringify(synthesized) === JSON.stringify(planned);
      return same ? [] : [{ name, synthesized, planned }];
    });
    expect(differing).toEqual([]);
    expect(plan.resources.length).toBeGreaterThan(examples.length);
  });
});
