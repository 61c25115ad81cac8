// Writes review/provider-shapes.json from the AWS provider's own schema: which attributes it computes where nothing is
// said, which are no texts, and which names are nested blocks. Needs Terraform with the provider that the kit pins.
//
//   terraform providers schema -json | node scripts/provider-shapes.js
const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const { provider_schemas } = JSON.parse(readFileSync(0, "utf8"));
const [provider] = Object.entries(provider_schemas)
  .filter(([name]) => name.endsWith("/hashicorp/aws"))
  .map(([, value]) => value);

const shapes = [];
const known = new Map();

/** Number of a block's shape: the same shape is written once, however many types have it. */
function shapeOf({ attributes = {}, block_types = {} }) {
  const computed = Object.entries(attributes)
    .filter(([, { computed, optional }]) => computed && optional)
    .map(([name]) => name)
    .sort();
  const ofType = (wanted) =>
    Object.entries(attributes)
      .filter(([, { type }]) => type === wanted)
      .map(([name]) => name)
      .sort();
  const [flags, numbers] = [ofType("bool"), ofType("number")];
  const blocks = Object.fromEntries(
    Object.entries(block_types).map(([name, { nesting_mode, block }]) => {
      const shape = shapeOf(block);
      return [name, nesting_mode === "list" || nesting_mode === "set" ? shape : { single: shape }];
    }),
  );
  const shape = {
    ...(computed.length > 0 && { computed }),
    ...(flags.length > 0 && { flags }),
    ...(numbers.length > 0 && { numbers }),
    ...(Object.keys(blocks).length > 0 && { blocks }),
  };
  const key = JSON.stringify(shape);
  if (!known.has(key)) {
    known.set(key, shapes.length);
    shapes.push(shape);
  }
  return known.get(key);
}

const types = Object.fromEntries(
  Object.entries(provider.resource_schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { block }]) => [type, shapeOf(block)]),
);
writeFileSync(
  path.resolve(__dirname, "..", "review", "provider-shapes.json"),
  `${JSON.stringify({ types, shapes })}\n`,
);
