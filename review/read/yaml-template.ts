import type { CollectionTag, ScalarTag, YAMLMap, YAMLSeq } from "yaml";

/** Source: "Intrinsic function reference" (AWS CloudFormation). */
const functions = [
  "And",
  "Base64",
  "Cidr",
  "Equals",
  "FindInMap",
  "GetAZs",
  "GetAtt",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
];

/** `!Sub text` is `{"Fn::Sub": text}`, and `!Ref` and `!Condition` go without the prefix. */
const tags: (ScalarTag | CollectionTag)[] = [...functions, "Ref", "Condition"].flatMap((name) => {
  const tag = `!${name}`;
  const long = functions.includes(name) ? `Fn::${name}` : name;
  const ofCollection = (collection: "seq" | "map"): CollectionTag => ({
    tag,
    collection,
    resolve: (value) => ({ [long]: (value as YAMLSeq | YAMLMap).toJSON() }),
  });
  const ofText: ScalarTag = {
    tag,
    resolve: (text) => ({ [long]: name === "GetAtt" ? text.split(".") : text }),
  };
  return [ofText, ofCollection("seq"), ofCollection("map")];
});

/**
 * A CloudFormation template that is written as YAML, as it would be as JSON.
 *
 * @throws YAMLParseError
 */
export function parseYamlTemplate(body: string): unknown {
  // Loaded where there is something to read: it takes longer than a review of some stacks.
  const { parse } = require("yaml") as typeof import("yaml");
  return parse(body, { customTags: tags, logLevel: "silent" });
}
