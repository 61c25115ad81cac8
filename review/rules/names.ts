import { closest } from "fastest-levenshtein";
import { UnreadableInput } from "../problem";

/**
 * Holds a name to the ids of rules that there are.
 *
 * @param where what has named it, before the message
 * @throws UnreadableInput with the nearest
 */
export function mustBeRule(name: string, ids: readonly string[], where = ""): void {
  if (ids.includes(name)) return;
  throw new UnreadableInput(`${where}there is no rule "${name}"; did you mean "${closest(name, [...ids])}"?`);
}
