import { evaluate } from "../../review/evaluate";
import { type Attributes, type Graph, type Resource, unknown } from "../../review/graph";
import { compiledRule } from "./examples";

const resource = (
  address: string,
  attributes: Attributes,
  references: Record<string, string[]> = {},
): Resource => {
  const configured = `main/${address.replace(/\[[^\]]*\]/g, "")}`;
  return {
    id: `main/${address}`,
    configured,
    stack: "main",
    address,
    type: address.split(".")[0] ?? "",
    construct: undefined,
    attributes,
    references: new Map(Object.entries(references).map(([at, to]) => [at, to.map((name) => `main/${name}`)])),
  };
};
const graph = (...resources: Resource[]): Graph => ({ source: "plan", resources, digests: {} });

const versioned = compiledRule("s3-bucket-versioned");
const enabled = { versioning_configuration: [{ status: "Enabled" }] };
const verdicts = (...resources: Resource[]) =>
  evaluate(graph(...resources), [versioned]).map(({ resource: judged, verdict }) => [
    judged?.address,
    verdict,
  ]);

describe("an evaluation", () => {
  it("pairs instances that have the same key, and takes one without keys for all", () => {
    const reference = { bucket: ["aws_s3_bucket.b"] };
    const bucket = (key: string) => resource(`aws_s3_bucket.b[${key}]`, {});
    const versioning = (key: string, attributes: Attributes) =>
      resource(`aws_s3_bucket_versioning.v${key}`, { bucket: unknown, ...attributes }, reference);
    expect(verdicts(bucket("0"), bucket("1"), versioning("[0]", enabled))).toEqual([
      ["aws_s3_bucket.b[0]", "pass"],
      ["aws_s3_bucket.b[1]", "fail"],
    ]);
    expect(verdicts(bucket("0"), bucket("1"), versioning("", enabled)).map(([, verdict]) => verdict)).toEqual(
      ["pass", "pass"],
    );
  });

  it("cannot tell whose a companion is whose expression names nothing that is known", () => {
    const bucket = resource("aws_s3_bucket.b", { bucket: "b" });
    expect(verdicts(bucket, resource("aws_s3_bucket_versioning.v", { bucket: unknown, ...enabled }))).toEqual(
      [["aws_s3_bucket.b", "cannot-tell"]],
    );
    const others = { bucket: ["aws_s3_bucket.other"] };
    expect(
      verdicts(bucket, resource("aws_s3_bucket_versioning.v", { bucket: unknown, ...enabled }, others)),
    ).toEqual([["aws_s3_bucket.b", "fail"]]);
  });

  it("asks every companion: one that is right does not make up for one that is wrong", () => {
    const bucket = resource("aws_s3_bucket.b", { bucket: "b" });
    const suspended = { versioning_configuration: [{ status: "Suspended" }] };
    expect(
      verdicts(
        bucket,
        resource("aws_s3_bucket_versioning.v", { bucket: "b", ...enabled }),
        resource("aws_s3_bucket_versioning.w", { bucket: "b", ...suspended }),
      ),
    ).toEqual([["aws_s3_bucket.b", "fail"]]);
  });

  it("of a rule that breaks has told nothing", () => {
    const broken = {
      ...versioned,
      checks: versioned.checks.map((check) => ({
        ...check,
        matches: () => {
          throw new Error("out of order");
        },
      })),
    };
    const [found] = evaluate(
      graph(
        resource("aws_s3_bucket.b", { bucket: "b" }),
        resource("aws_s3_bucket_versioning.v", { bucket: "b" }),
      ),
      [broken],
    );
    expect([found?.verdict, found?.messages]).toEqual([
      "cannot-tell",
      ["the rule itself failed: out of order"],
    ]);
  });

  it("does not fail what a rule may not concern", () => {
    const rotates = compiledRule("kms-key-rotates");
    const [found] = evaluate(graph(resource("aws_kms_key.k", { key_usage: unknown })), [rotates]);
    expect([found?.verdict, found?.messages]).toEqual([
      "cannot-tell",
      ["whether it applies cannot be told: enable_key_rotation is not true"],
    ]);
  });
});
