import type { StateMachine, Task } from "./state-machine";

export interface DefinitionOptions {
  readonly partition: string;
  /** ARN of the function that runs a step. */
  readonly functionArn: (step: string) => string;
}

interface TaskOptions {
  readonly step: string;
  readonly comment: string;
  /** The step's input: JSON paths into the state. */
  readonly input: Readonly<Record<string, string>>;
  /** Where the step's output goes. */
  readonly into: string;
  readonly next: string;
  /** Where any error leads. */
  readonly otherwise: string;
}

/** Errors of Lambda itself. Source: "Handle transient Lambda service exceptions" (AWS Step Functions developer guide). */
export const transientErrors = [
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
] as const;

/**
 * Contains a principal and checks three times that it is: the steps that `ir-kit respond` runs, in the same order.
 *
 * Given `{ given: { accessKeyId } | { arn }, case, actor }`. Every error leads to a Fail, and none undoes what was
 * done; where the quarantine fails, credentials are deactivated all the same. It succeeds for CONTAINED alone.
 */
export function containPrincipalDefinition({ partition, functionArn }: DefinitionOptions): StateMachine {
  const task = ({ step, comment, input, into, next, otherwise }: TaskOptions): Task => ({
    Type: "Task",
    Comment: comment,
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: functionArn(step),
      Payload: { "case.$": "$.case", "actor.$": "$.actor", input },
    },
    ResultSelector: { "output.$": "$.Payload" },
    ResultPath: into,
    TimeoutSeconds: 120,
    Retry: [{ ErrorEquals: transientErrors, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }],
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: otherwise }],
    Next: next,
  });
  const principal = { "principal.$": "$.identified.output.principal" };
  const list = {
    step: "list-credentials",
    comment: "Every credential that it holds",
    input: principal,
    into: "$.listed",
  };
  const deactivate = {
    step: "deactivate-credentials",
    comment: "Credentials are switched off; keys that were made meanwhile too",
    input: { ...principal, "credentials.$": "$.listed.output.credentials" },
    into: "$.deactivated",
  };
  const verify = (next: string, otherwise: string) =>
    task({
      step: "verify-containment",
      comment: "Proof: live policies, AWS's simulation, keys, calls",
      input: { ...principal, "contained.$": "$.deactivated.output.at" },
      into: "$.verified",
      next,
      otherwise,
    });
  return {
    Comment: "Contains a user or role and proves it",
    StartAt: "Identify",
    TimeoutSeconds: 1800,
    States: {
      Identify: {
        ...task({
          step: "identify-principal",
          comment: "Whose key it is, or which principal an ARN names",
          input: {},
          into: "$.identified",
          next: "Quarantine",
          otherwise: "Failed",
        }),
        Parameters: {
          FunctionName: functionArn("identify-principal"),
          Payload: { "case.$": "$.case", "actor.$": "$.actor", "input.$": "$.given" },
        },
      },
      Quarantine: task({
        step: "quarantine-principal",
        comment: "The staged policy that denies everything, or the boundary where policies are full",
        input: principal,
        into: "$.quarantined",
        next: "ListCredentials",
        otherwise: "ListCredentialsAllTheSame",
      }),
      ListCredentials: task({ ...list, next: "Deactivate", otherwise: "Failed" }),
      Deactivate: task({ ...deactivate, next: "WhatFailed", otherwise: "Failed" }),
      WhatFailed: {
        Type: "Pass",
        Comment: "Each target says for itself whether it was done",
        Parameters: {
          "quarantine.$": "States.ArrayContains($.quarantined.output.results[*].outcome, 'failed')",
          "credentials.$": "States.ArrayContains($.deactivated.output.results[*].outcome, 'failed')",
          "unlisted.$": "States.ArrayLength($.listed.output.unknown)",
        },
        ResultPath: "$.failed",
        Next: "WaitForPropagation",
      },
      WaitForPropagation: { Type: "Wait", Comment: "IAM takes seconds", Seconds: 10, Next: "VerifyFirst" },
      VerifyFirst: verify("WaitForAttacker", "WaitForAttacker"),
      WaitForAttacker: { Type: "Wait", Comment: "An attacker may undo it", Seconds: 50, Next: "VerifyAgain" },
      VerifyAgain: verify("WaitForTrail", "WaitForTrail"),
      WaitForTrail: { Type: "Wait", Comment: "CloudTrail takes minutes", Seconds: 240, Next: "VerifyLast" },
      VerifyLast: verify("Judge", "CannotTell"),
      Judge: {
        Type: "Choice",
        Comment: "The last verdict counts; what was not done counts against it",
        Choices: [
          {
            Or: [
              isTrue("$.failed.quarantine"),
              isTrue("$.failed.credentials"),
              { Variable: "$.failed.unlisted", NumericGreaterThan: 0 },
            ],
            Next: "NotAllDone",
          },
          { Variable: "$.verified.output.verdict", StringEquals: "CONTAINED", Next: "Contained" },
          { Variable: "$.verified.output.verdict", StringEquals: "NOT CONTAINED", Next: "NotContained" },
        ],
        Default: "CannotTell",
      },
      ListCredentialsAllTheSame: task({ ...list, next: "DeactivateAllTheSame", otherwise: "Failed" }),
      DeactivateAllTheSame: task({ ...deactivate, next: "Failed", otherwise: "Failed" }),
      Contained: { Type: "Succeed", Comment: "CONTAINED" },
      NotContained: fail(
        "NotContained",
        "The last verdict is NOT CONTAINED; its evidence is in the execution",
      ),
      CannotTell: fail("CannotTell", "Whether it is contained could not be asked; what was done stays done"),
      NotAllDone: fail(
        "NotAllDone",
        "A change has failed; the results say which and why. What was done stays done",
      ),
      Failed: fail(
        "Failed",
        "A step has failed; $.failure says why. What was done stays done: start it again",
      ),
    },
  };
}

const isTrue = (Variable: string) => ({ Variable, BooleanEquals: true });
const fail = (error: string, cause: string) => ({
  Type: "Fail" as const,
  Comment: error,
  Error: error,
  Cause: cause,
});
