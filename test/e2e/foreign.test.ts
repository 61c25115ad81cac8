import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { run, terraformCommand } from "../../cli/terraform";
import { evaluate } from "../../review/evaluate";
import { readGraph } from "../../review/index";
import { localEnvironment, localProcessEnvironment } from "../local-aws/environment";
import type { Front } from "../local-aws/front";
import { startLocalAws } from "../local-aws/local-aws";
import { type LocalPool, startLocalPool } from "../local-aws/provider-pool/local";
import { type Accuracy, accuracyDocument, type Judged } from "../review/accuracy-document";
import { compiled } from "../review/examples";
import { ofModule } from "../review/modules";
import { repository } from "../support/repository";
import { describeWithTerraform } from "../support/with-tools";

const minutes = 60_000;
const fixtures = path.join(repository, "test", "fixtures", "foreign");

/** One edit of a configuration, which makes it wrong. */
interface Fault {
  readonly what: string;
  readonly at: string;
  readonly from?: string;
  readonly to?: string;
  /** A block that is left out. */
  readonly remove?: string;
}

const faults = parse(readFileSync(path.join(fixtures, "faults.yaml"), "utf8")) as Readonly<
  Record<string, readonly Fault[]>
>;
const configurations = readdirSync(fixtures).filter((name) => !name.includes("."));

/** @throws Error where the edit is not one: it would be a fault that nobody could find. */
function withFault(text: string, { what, from, to = "", remove }: Fault): string {
  const before = remove ? blockOf(text, remove) : (from ?? "");
  const parts = text.split(before);
  if (before === "" || parts.length !== 2) throw new Error(`${what}: ${parts.length - 1} places to edit`);
  return parts.join(to);
}

function blockOf(text: string, address: string): string {
  const [type, name] = address.split(".");
  const start = text.indexOf(`resource "${type}" "${name}" {`);
  return start < 0 ? "" : text.slice(start, text.indexOf("\n}\n", start) + 3);
}

/** Configurations as people write them, and each with one fault, planned by real Terraform in one plan. */
describeWithTerraform("a review of what others have written", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-foreign-"));
  const planFile = path.join(directory, "plan.json");
  let front: Front;
  let pool: LocalPool;
  let accuracy: Accuracy;

  const seeded = Object.entries(faults).flatMap(([configuration, all]) =>
    all.map((fault, at) => ({ configuration, fault, module: `${configuration}-${at + 1}` })),
  );

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111122223333" });
    const ordinary = localProcessEnvironment(localEnvironment(front.port, "eu-west-1", directory));
    pool = await startLocalPool({ environment: ordinary, stackFolders: [directory] });
    const environment = { ...ordinary, ...pool.environment };
    const must = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, output } = await run(terraformCommand(), [`-chdir=${directory}`, ...args], {
        environment,
      });
      if (exitCode !== 0) throw new Error(output.slice(0, 6000));
      return stdout;
    };
    const modules = [
      ...configurations.map((configuration) => ({ configuration, module: configuration, fault: undefined })),
      ...seeded,
    ];
    for (const { configuration, module, fault } of modules) {
      const folder = path.join(directory, "modules", module);
      mkdirSync(path.dirname(folder), { recursive: true });
      cpSync(path.join(fixtures, configuration), folder, { recursive: true });
      if (!fault) continue;
      const file = path.join(folder, "main.tf");
      writeFileSync(file, withFault(readFileSync(file, "utf8"), fault));
    }
    writeFileSync(
      path.join(directory, "main.tf.json"),
      JSON.stringify({
        terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
        provider: { aws: { region: "eu-west-1" } },
        module: Object.fromEntries(modules.map(({ module }) => [module, { source: `./modules/${module}` }])),
      }),
    );
    await must("init", "-input=false", "-no-color");
    await must("plan", "-input=false", "-no-color", "-out=plan");
    writeFileSync(planFile, await must("show", "-json", "plan"));
    accuracy = measure();
  }, 10 * minutes);

  afterAll(async () => {
    await pool.stop();
    await front.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function measure(): Accuracy {
    const plan = readGraph({ plans: [planFile] });
    const judge = (module: string): Judged[] =>
      evaluate(ofModule(plan, "plan", module), compiled).flatMap(({ rule, resource, verdict }) =>
        verdict === "fail" || verdict === "cannot-tell"
          ? [{ rule: rule.id, severity: rule.severity, at: resource?.address ?? "the deployment", verdict }]
          : [],
      );
    const clean = new Map(configurations.map((name) => [name, judge(name)]));
    const isNew = (configuration: string, { rule, at, verdict }: Judged) =>
      !clean
        .get(configuration)
        ?.some((known) => known.rule === rule && known.at === at && known.verdict === verdict);
    return {
      configurations: configurations.map((name) => ({
        name,
        resources: ofModule(plan, "plan", name).resources.length,
        findings: clean.get(name) ?? [],
      })),
      faults: seeded.map(({ configuration, fault: { what, at }, module }) => {
        const found = judge(module).filter((each) => each.at === at && isNew(configuration, each));
        return { configuration, what, at, found };
      }),
    };
  }

  it("is measured on as many configurations and faults as it says", () => {
    expect(configurations.length).toBeGreaterThanOrEqual(15);
    expect(seeded.length).toBeGreaterThanOrEqual(60);
    expect(accuracy.configurations.every(({ resources }) => resources > 2)).toBe(true);
  });

  it("is as accurate as docs/review-accuracy.md says", () => {
    const file = path.join(repository, "docs", "review-accuracy.md");
    const document = accuracyDocument(accuracy);
    if (process.env.UPDATE_ACCURACY) writeFileSync(file, document);
    expect(document).toBe(readFileSync(file, "utf8"));
  });
});
