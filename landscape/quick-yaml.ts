/** Below this size, the parser that knows positions is fast enough for everything. */
const smallest = 64 * 1024;

/** What the two parsers could read differently: anchors, aliases, types, directives, merge keys, complex keys, -0. */
const particular = /[&*!%?]|<<|^---|^\.\.\.|[\s[{,]-0/m;

/**
 * The data of a large and plain YAML text, some eight times faster than with positions; nothing where the text is
 * small, not plain, or not valid. Only a landscape without a mistake is taken from here: messages need positions.
 */
export function parseQuickly(text: string): unknown {
  if (text.length < smallest || particular.test(text)) return undefined;
  const { CORE_SCHEMA, load } = require("js-yaml") as typeof import("js-yaml");
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch {
    return undefined;
  }
}
