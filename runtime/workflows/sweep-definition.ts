import type { DefinitionOptions } from "./contain-principal-definition";
import { transientErrors } from "./contain-principal-definition";
import type { StateMachine, Task } from "./state-machine";

interface SweepOptions extends DefinitionOptions {
  /** Places that are looked at at the same time, each by a function that runs in the hub's account. */
  readonly placesAtOnce: number;
}

/** A function that can't run now is called again for as long as an express execution may last, five minutes. */
const patience = {
  IntervalSeconds: 2,
  MaxAttempts: 7,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  JitterStrategy: "FULL",
} as const;

/**
 * Looks at every account and region: a list, an execution for each of its entries, and a sum.
 *
 * Given `{}` for every place, or `{ places: [{ account, region }] }`. A place that fails fails alone; what it could not
 * do stands in its record. Source of the map's fields: "Distributed mode" (AWS Step Functions developer guide).
 */
export function sweepDefinition({ partition, functionArn, placesAtOnce }: SweepOptions): StateMachine {
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
    Retry: [{ ErrorEquals: transientErrors, ...patience }],
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
            SweepPlace: {
              ...task("sweep-place", "What is missing here is switched on", "$", "$.swept", { End: true }),
              // Outputs of all places become one, which may have 256 KiB; what was seen is in the table.
              OutputPath: null,
            },
          },
        },
        ResultPath: null,
        Next: "Summarize",
      },
      Summarize: task(
        "summarize-sweep",
        "Counts for alarms",
        {
          ...named,
          "started.$": "$$.Execution.StartTime",
          "count.$": "$.list.output.count",
          "whole.$": "$.list.output.whole",
        },
        "$.summary",
        { Next: "Swept" },
      ),
      Swept: { Type: "Succeed", Comment: "Alarms tell what is left" },
    },
  };
}
