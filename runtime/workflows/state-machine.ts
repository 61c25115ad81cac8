/** States of the Amazon States Language, as far as workflows of the kit use them. JSONPath, since tests run that. */
export type State = Task | Wait | Choice | Pass | DistributedMap | End;

export interface Task {
  readonly Type: "Task";
  readonly Comment: string;
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly ResultSelector: Readonly<Record<string, string>>;
  readonly ResultPath: string;
  /** Nothing is handed on. */
  readonly OutputPath?: null;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retry[];
  readonly Catch: readonly Catch[];
  readonly Next?: string;
  readonly End?: true;
}

/** Runs an execution of its own for each entry of a list that lies in S3. */
interface DistributedMap {
  readonly Type: "Map";
  readonly Comment: string;
  readonly ItemReader: Readonly<Record<string, unknown>>;
  readonly MaxConcurrency: number;
  readonly ToleratedFailurePercentage: number;
  readonly ItemProcessor: {
    readonly ProcessorConfig: {
      readonly Mode: "DISTRIBUTED";
      readonly ExecutionType: "EXPRESS" | "STANDARD";
    };
    readonly StartAt: string;
    readonly States: Readonly<Record<string, State>>;
  };
  readonly ResultPath: null;
  readonly Next: string;
}

interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  /** At most so many seconds from one attempt to the next. */
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL";
}

interface Catch {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

interface Wait {
  readonly Type: "Wait";
  readonly Comment: string;
  readonly Seconds: number;
  readonly Next: string;
}

interface Pass {
  readonly Type: "Pass";
  readonly Comment: string;
  readonly Parameters: Readonly<Record<string, string>>;
  readonly ResultPath: string;
  readonly Next: string;
}

interface Choice {
  readonly Type: "Choice";
  readonly Comment: string;
  readonly Choices: readonly (Readonly<Record<string, unknown>> & { readonly Next: string })[];
  readonly Default: string;
}

interface End {
  readonly Type: "Succeed" | "Fail";
  readonly Comment: string;
  readonly Error?: string;
  readonly Cause?: string;
}

export interface StateMachine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** A drawing of a state machine for Mermaid; what is caught is dotted. */
export function drawing({ StartAt, States }: StateMachine): string {
  const shape = (name: string, { Type }: State) =>
    Type === "Choice"
      ? `${name}{${name}}`
      : Type === "Succeed" || Type === "Fail"
        ? `${name}([${name}])`
        : `${name}[${name}]`;
  const arrows = Object.entries(States).flatMap(([name, state]) => {
    switch (state.Type) {
      case "Task":
        return [
          ...(state.Next === undefined ? [] : [`${name} --> ${state.Next}`]),
          ...state.Catch.map(({ Next }) => `${name} -.->|error| ${Next}`),
        ];
      case "Choice":
        return [
          ...state.Choices.map(({ Next }) => `${name} --> ${Next}`),
          `${name} -->|else| ${state.Default}`,
        ];
      case "Wait":
        return [`${name} -->|${state.Seconds} s| ${state.Next}`];
      case "Pass":
        return [`${name} --> ${state.Next}`];
      case "Map":
        return [
          `${name} -->|each| ${state.ItemProcessor.StartAt}[${state.ItemProcessor.StartAt}]`,
          `${name} --> ${state.Next}`,
        ];
      default:
        return [];
    }
  });
  const shapes = Object.entries(States).map(([name, state]) => shape(name, state));
  return ["flowchart TD", `start((start)) --> ${StartAt}`, ...shapes, ...arrows].join("\n  ");
}
