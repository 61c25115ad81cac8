import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { NotPossible } from "../shared/errors";
import type { CutRequest } from "./request";
import type { CutResult } from "./writer";

/** Changes what is cut in the whole organization; without a change it tells what is cut. */
export type Cuts = (change: Pick<CutRequest, "add" | "lift">) => Promise<CutResult>;

/** Errors by which the writer says no, before anything was changed. */
const refusals = /^(ContractBroken|CutsDoNotFit|LockHeld|NotPossible|UnsoundCut)$/;

/**
 * The writer of cuts, which is a function in the hub's account: nobody else may write their policy.
 *
 * @throws NotPossible where the writer refuses, with its reason
 */
export const cutsBy =
  (lambda: LambdaClient, FunctionName: string, by: Pick<CutRequest, "case" | "actor">): Cuts =>
  async (change) => {
    const request: CutRequest = { ...by, ...change };
    const { Payload, FunctionError } = await lambda
      .send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }))
      .catch((error: Error) => {
        throw /ResourceNotFound|AccessDenied/.test(error.name) ? unreachable(FunctionName, error) : error;
      });
    const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || "{}") as CutResult & {
      readonly errorType?: string;
      readonly errorMessage?: string;
    };
    if (FunctionError === undefined) return answer;
    const { errorType = FunctionError, errorMessage = "no reason was given" } = answer;
    if (refusals.test(errorType)) throw new NotPossible(errorMessage);
    throw new Error(`the writer of cuts has failed: ${errorType}: ${errorMessage}`);
  };

const unreachable = (name: string, { message }: Error): NotPossible =>
  new NotPossible(
    `the writer of cuts can't be reached: ${name}: ${message}. It stands in stack response and may be called by the ` +
      "hub's role of stack access: deploy both; meanwhile contain the role as a whole",
  );
