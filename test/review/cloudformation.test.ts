import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import { askedOf, type Block, strangers } from "./asked";
import { compared } from "./compared";
import { rules } from "./examples";

/** As much of a type as is needed to get to what stands inside of it. */
interface PropertyType {
  readonly type: string;
  readonly element?: PropertyType;
  readonly reference?: { readonly $ref: string };
}

describe("what is asked of resources of CloudFormation templates", () => {
  let typeOf: (type: string) => Block | undefined;

  beforeAll(async () => {
    const specification = await loadAwsServiceSpec();
    typeOf = (type) => {
      const [found] = specification.lookup("resource", "cloudFormationType", "equals", type);
      return found && blockOf(found.properties);
    };
    const blockOf = (properties: Record<string, { readonly type: PropertyType }>): Block => ({
      attributes: properties,
      block_types: Object.fromEntries(
        Object.entries(properties).flatMap(([name, { type }]) => {
          const reference = (type.type === "array" ? type.element : type)?.reference;
          if (reference === undefined) return [];
          // Definitions refer to themselves in some types: each is read where it is asked for only.
          const block = () => blockOf(specification.get("typeDefinition", reference.$ref).properties);
          return [[name, Object.defineProperty({ block: {} as Block }, "block", { get: block })]];
        }),
      ),
    });
  });

  it("stands in CloudFormation's own schemas, in every rule", () => {
    const asked = rules.flatMap(({ id, checks }) =>
      checks.flatMap((check) => askedOf(check).map((each) => ({ id, ...each }))),
    );
    const ofTemplates = asked.filter(({ type }) => type.startsWith("AWS::"));
    expect(ofTemplates.length).toBeGreaterThan(3);
    expect(
      ofTemplates.flatMap(({ id, type, schema }) =>
        strangers(schema, typeOf(type)).map((name) => `${id}: ${type}.${name}`),
      ),
    ).toEqual([]);
    expect(
      compared
        .filter(({ type }) => type.startsWith("AWS::"))
        .flatMap(({ type, schema }) => strangers(schema, typeOf(type)).map((name) => `${type}.${name}`)),
    ).toEqual([]);
    expect(
      strangers(
        { properties: { VersioningConfiguration: { properties: { Stat: {} } } } },
        typeOf("AWS::S3::Bucket"),
      ),
    ).toEqual(["VersioningConfiguration.Stat"]);
    expect(strangers({ properties: { Bukket: {} } }, typeOf("AWS::S3::Bucket"))).toEqual(["Bukket"]);
    expect(strangers({}, typeOf("AWS::S4::Bucket"))).toEqual(["(no such type)"]);
  });
});
