import { CommanderError } from "commander";
import { Refused, WrongUse } from "./errors";
import { program } from "./program";
import { MissingTool, TerraformFailure } from "./terraform";

/** Exit codes: 0 good, 1 findings or refused, 2 wrong use or wrong input. */
const exitCodeOf = (error: unknown): number =>
  error instanceof WrongUse || error instanceof MissingTool ? 2 : 1;

/**
 * Runs one command to its end; what it says goes to this process's output.
 *
 * @param argv what the user has typed after `ir-kit`
 * @returns its exit code
 */
export async function runCommand(argv: readonly string[]): Promise<number> {
  try {
    await (await program(argv)).parseAsync(argv, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`${explain(error)}\n`);
    return exitCodeOf(error);
  }
}

/** What the user can act on; only a fault of the program itself shows a stack trace. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const expected =
    error instanceof Refused ||
    error instanceof WrongUse ||
    error instanceof MissingTool ||
    error instanceof TerraformFailure;
  if (expected) return error.message;
  if (isAwsError(error)) return `AWS answered ${error.name}: ${error.message}`;
  if (process.env.IR_KIT_DEBUG) return error.stack ?? error.message;
  return `unexpected: ${error.message || error.name} (IR_KIT_DEBUG=1 shows where)`;
}

const isAwsError = (error: Error): boolean =>
  "$metadata" in error || error.name === "CredentialsProviderError";
