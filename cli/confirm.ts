import { WrongUse } from "./errors";
import { ask } from "./prompt";

/**
 * Shows what is about to be done and asks for a yes.
 *
 * @param otherwise what to say where there is no terminal to ask on
 * @throws WrongUse where there is no terminal to ask on
 */
export async function confirmed(
  title: string,
  changes: readonly string[],
  otherwise = `${title} needs a yes; --yes gives it in a script`,
): Promise<boolean> {
  if (!process.stdin.isTTY) throw new WrongUse(otherwise);
  process.stderr.write(`${title}:\n${changes.map((change) => `  ${change}\n`).join("")}`);
  return /^y(es)?$/i.test(await ask("Continue? [y/N] ", otherwise));
}
