import { fixedTexts } from "../../landscape/fixed-texts";
import { resourceTypes, type UpdatedTemplate } from "../local-aws/template-updates";
import { synthesized } from "../support/landscapes";
import { snapshotCases } from "../support/snapshot-cases";
import { keptVersions, readRelease } from "./fixture";
import { proseIn } from "./prose";

/** Templates of every stack and StackSet that a configuration has. */
function templatesIn(configuration: string): UpdatedTemplate[] {
  const { resource = {} } = JSON.parse(configuration) as {
    resource?: Record<string, Record<string, { template_body?: string }>>;
  };
  return ["aws_cloudformation_stack", "aws_cloudformation_stack_set"]
    .flatMap((type) => Object.values(resource[type] ?? {}))
    .flatMap(({ template_body: body }) => (body === undefined ? [] : [JSON.parse(body) as UpdatedTemplate]));
}

/** Texts for people in what CloudFormation's schemas let nobody update. */
async function fixedIn(configurations: Iterable<string>): Promise<string[]> {
  const typeNamed = await resourceTypes();
  const resources = [...configurations]
    .flatMap(templatesIn)
    .flatMap(({ Resources = {} }) => Object.values(Resources));
  const texts = resources.flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([name]) => typeNamed(Type)?.replacing.get(name) === "yes")
      .flatMap(([, value]) => proseIn(value)),
  );
  return [...new Set(texts)].sort();
}

describe("texts in templates that CloudFormation can't update", () => {
  it.each(Object.entries(snapshotCases))("stand apart, all of them: %s", async (_, landscape) => {
    const found = await fixedIn(synthesized(landscape()).texts.values());
    expect(found).toEqual([...new Set(fixedTexts)].sort());
  });

  it.each(keptVersions())("are those of %s", async (version) => {
    const found = await fixedIn(Object.values(readRelease(version).stacks));
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((text) => !fixedTexts.includes(text))).toEqual([]);
  });
});
