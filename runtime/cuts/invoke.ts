import type { LambdaClient } from "@aws-sdk/client-lambda";
import { NotPossible } from "../shared/errors";
import { ask } from "../shared/invoke";
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
  (lambda: LambdaClient, functionName: string, by: Pick<CutRequest, "case" | "actor">): Cuts =>
  (change) =>
    ask<CutResult>(lambda, { functionName, who: "the writer of cuts", refusals }, { ...by, ...change }).catch(
      (error: Error) => {
        throw /ResourceNotFound|AccessDenied/.test(error.name) ? unreachable(functionName, error) : error;
      },
    );

const unreachable = (name: string, { message }: Error): NotPossible =>
  new NotPossible(
    `the writer of cuts can't be reached: ${name}: ${message}. It stands in stack response and may be called by the ` +
      "hub's role of stack access: deploy both; meanwhile contain the role as a whole",
  );
