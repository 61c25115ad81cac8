import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import { askedOf, type Block, strangers } from "./asked";
import { rules } from "./examples";

describe("what is asked of resources of CloudFormation templates", () => {
  let typeOf: (type: string) => Block | undefined;

  beforeAll(async () => {
    const specification = await loadAwsServiceSpec();
    typeOf = (type) => {
      const [found] = specification.lookup("resource", "cloudFormationType", "equals", type);
      return found && { attributes: found.properties };
    };
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
    expect(strangers({ properties: { Bukket: {} } }, typeOf("AWS::S3::Bucket"))).toEqual(["Bukket"]);
    expect(strangers({}, typeOf("AWS::S4::Bucket"))).toEqual(["(no such type)"]);
  });
});
