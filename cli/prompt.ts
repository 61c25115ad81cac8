import { createInterface } from "node:readline/promises";
import { WrongUse } from "./errors";

/**
 * Asks on the terminal; questions go to standard error, results to standard output.
 *
 * @param otherwise what to say where there is no terminal to ask on
 * @throws WrongUse where there is none
 */
export async function ask(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY) throw new WrongUse(otherwise);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
