import { attributesOf } from "./resources";
import { resourcesOf, type StackJson, templateResources, templatesOf } from "./stacks";
import { covers, isReference, texts } from "./values";

/** Last words of attributes that hold what AWS limits: names, texts and documents. */
const limited =
  /(^|[._])(name|names|policy|policies|content|pattern|description|definition|body|data|document|template|query|text|comment|title|alias|path|variables|prefix|parameters)$/i;

/** Longer than what AWS's own words are. */
const longText = 48;

const withoutItems = (path: string): string => path.replaceAll("[]", "");

/** Snake case and camel case alike, such as `RoleName` and `role_name`. */
const words = (path: string): string => withoutItems(path).replace(/([a-z0-9])([A-Z])/g, "$1_$2");

const isArn = (value: string): boolean => /^arn:[a-z-]+:[a-z0-9-]+:[^\s{}]*$/.test(value);

/** Tags have quotas of their own, in every type. */
const isTag = (path: string): boolean => /^(tags|tags_all|tag_specifications\[\]\.tags)\./.test(path);

/**
 * What is synthesized and no entry of the tables speaks of: types that they don't know, and attributes that look like
 * a name, a text or a document. Each is a message that says what to do.
 */
export function uncovered(stacks: ReadonlyMap<string, StackJson>): string[] {
  const terraform = resourcesOf(stacks);
  const all = [...terraform, ...templateResources(templatesOf(terraform))];
  const found = all.flatMap(({ type, attributes }) => {
    const entries = attributesOf[type];
    if (entries === undefined)
      return [`${type}: not in quotas/resources; list its names and documents with their quotas there`];
    return texts(attributes)
      .filter(({ path, value }) => {
        const text = String(value);
        if (isTag(path) || isReference(text) || isArn(text) || text === "") return false;
        if (!limited.test(words(path)) && text.length <= longText) return false;
        return !Object.keys(entries).some((entry) => covers(entry, path));
      })
      .map(({ path }) => `${type} ${path}: no quota; add one to quotas/resources, or say why there is none`);
  });
  return [...new Set(found)].sort();
}
