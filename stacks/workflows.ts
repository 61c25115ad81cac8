import { stepFunctionArn } from "../landscape/arns";
import type { Landscape } from "../landscape/model";
import type { WorkflowName } from "../landscape/names";
import { containPrincipalDefinition } from "../runtime/workflows/contain-principal-definition";
import type { StateMachine } from "../runtime/workflows/state-machine";
import { sweepDefinition } from "../runtime/workflows/sweep-definition";

/** Every workflow that is deployed. To add one: its definition in runtime/workflows, its name, a line here. */
export const workflows = (landscape: Landscape): Readonly<Record<WorkflowName, StateMachine>> => ({
  "contain-principal": containPrincipalDefinition({
    partition: landscape.partition.name,
    functionArn: (step) => stepFunctionArn(landscape, step),
  }),
});

/** The sweep, whose functions are of a kind of their own. */
export const sweepMachine = (landscape: Landscape): StateMachine =>
  sweepDefinition({
    partition: landscape.partition.name,
    placesAtOnce: landscape.sweep.placesAtOnce,
    functionArn: (step) => stepFunctionArn(landscape, step),
  });

export const sweepStepNames = ["list-places", "sweep-place", "summarize-sweep"] as const;

const functionPrefix = /-step-([a-z-]+)$/;

/** Steps that workflows run, each once. */
export function stepsOf(definitions: Readonly<Record<string, StateMachine>>): string[] {
  const functions = Object.values(definitions)
    .flatMap(({ States }) => Object.values(States))
    .flatMap((state) => (state.Type === "Task" ? [String(state.Parameters.FunctionName)] : []));
  return [...new Set(functions.map((arn) => functionPrefix.exec(arn)?.[1] ?? ""))].sort();
}
