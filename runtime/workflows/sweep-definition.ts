import type { DefinitionOptions } from "./contain-principal-definition";
import { transientErrors } from "./contain-principal-definition";
import type { StateMachine, Task } from "./state-machine";

/** Places that are looked at at the same time; Organizations, STS and Resolver allow each account its own rate. */
export const placesAtOnce = 40;

/**
 * Looks at every account and region: a list, an execution for each of its entries, and a sum.
 *
 * Given `{}` for every place, or `{ places: [{ account, region }] }`. A place that fails fails alone; what it could not
 * do stands in its record. Source of the map's fields: "Distributed mode" (AWS Step Functions developer guide).
 */
export function sweepDefinition({ partition, functionArn }: DefinitionOptions): StateMachine {
  const task = (
    step: string,
    comment: string,
    input: Readonly<Record<string, string>> | string,
    into: string,
    after: { readonly Next: string } | { readonly End: true },
  ): Task => ({
    Type: "Task",
    Comment: comment,
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: {
      FunctionName: functionArn(step),
      Payload: typeof input === "string" ? { "input.$": input } : { input },
    },
    ResultSelector: { "output.$": "$.Payload" },
    ResultPath: into,
    TimeoutSeconds: 300,
    Retry: [{ ErrorEquals: transientErrors, IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2 }],
    Catch: [],
    ...after,
  });
  const named = { "execution.$": "$$.Execution.Name" };
  return {
    Comment: "What must be logged in every account and region is logged",
    StartAt: "Begin",
    TimeoutSeconds: 3 * 3600,
    States: {
      Begin: {
        Type: "Choice",
        Comment: "A new VPC names its place; the clock names none",
        Choices: [{ Variable: "$.places", IsPresent: true, Next: "ListThese" }],
        Default: "ListAll",
      },
      ListThese: task(
        "list-places",
        "Only the places that are named",
        { ...named, "places.$": "$.places" },
        "$.list",
        { Next: "Sweep" },
      ),
      ListAll: task("list-places", "Every account that there is, in every watched region", named, "$.list", {
        Next: "Sweep",
      }),
      Sweep: {
        Type: "Map",
        Comment: "Each place by itself; one that fails keeps no other from being looked at",
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: "JSON" },
          Parameters: { "Bucket.$": "$.list.output.bucket", "Key.$": "$.list.output.key" },
        },
        MaxConcurrency: placesAtOnce,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
          StartAt: "SweepPlace",
          States: {
            SweepPlace: task("sweep-place", "What is missing here is switched on", "$", "$.swept", {
              End: true,
            }),
          },
        },
        ResultPath: null,
        Next: "Summarize",
      },
      Summarize: task("summarize-sweep", "Counts for alarms", named, "$.summary", { Next: "Swept" }),
      Swept: { Type: "Succeed", Comment: "Alarms tell what is left" },
    },
  };
}
