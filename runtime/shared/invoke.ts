import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { NotPossible } from "./errors";

export interface Callee {
  readonly functionName: string;
  /** Who it is, as messages say it. */
  readonly who: string;
  /** Names of errors with which it says no, before it has changed anything. */
  readonly refusals: RegExp;
}

/**
 * Asks a function of the kit, and waits for its answer.
 *
 * @throws NotPossible where the function refuses, with its reason; whatever Lambda answers where it can't be asked
 */
export async function ask<Answer>(
  lambda: LambdaClient,
  { functionName, who, refusals }: Callee,
  request: unknown,
): Promise<Answer> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || "{}") as Answer & {
    readonly errorType?: string;
    readonly errorMessage?: string;
  };
  if (FunctionError === undefined) return answer;
  const { errorType = FunctionError, errorMessage = "no reason was given" } = answer;
  if (refusals.test(errorType)) throw new NotPossible(errorMessage);
  throw new Error(`${who} has failed: ${errorType}: ${errorMessage}`);
}
