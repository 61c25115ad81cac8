import "../../support/promise-with-resolvers";
import validate from "asl-validator";
import { StateMachine as LocalStateMachine } from "aws-local-stepfunctions";
import { handlerOf, type StepEvent } from "../../../runtime/shared/handler";
import { steps } from "../../../runtime/steps";
import { containPrincipalDefinition } from "../../../runtime/workflows/contain-principal-definition";
import type { State, Task } from "../../../runtime/workflows/state-machine";
import { MemoryLedger } from "../../support/memory-ledger";
import type { Between } from "./plugged";
import { awsError, denyAll, SmallAws, smallSetting } from "./small-aws";

const definition = containPrincipalDefinition({
  partition: "aws",
  functionArn: (step) => `arn:aws:lambda:eu-west-1:222222222222:function:acme-ir-step-${step}`,
});
const states = Object.entries(definition.States);
const tasks = states.filter((entry): entry is [string, Task] => entry[1].Type === "Task");

const stepOf = (task: Task) => String(task.Parameters.FunctionName).split("function:acme-ir-step-")[1] ?? "";

describe("the workflow that contains a principal", () => {
  it("is sound in the Amazon States Language", () => {
    expect(validate(definition)).toMatchObject({ isValid: true });
  });

  it.each(tasks)(
    "has a time-out and a catch for everything at %s, and runs a step that there is",
    (_, task) => {
      expect(task.TimeoutSeconds).toBeLessThanOrEqual(300);
      expect(task.Catch.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain("States.ALL");
      for (const { MaxAttempts } of task.Retry) expect(MaxAttempts).toBeLessThanOrEqual(3);
      expect(steps.map(({ id }) => id)).toContain(stepOf(task));
    },
  );

  it("ends, whatever happens: no state leads back to one before it", () => {
    const next = (state: State): string[] => {
      if (state.Type === "Task") return [state.Next ?? "", ...state.Catch.map(({ Next }) => Next)];
      if (state.Type === "Choice") return [state.Default, ...state.Choices.map(({ Next }) => Next)];
      return "Next" in state ? [state.Next] : [];
    };
    const visit = (name: string, path: readonly string[]): void => {
      expect(path).not.toContain(name);
      const state = definition.States[name];
      if (state === undefined) throw new Error(`no state ${name}`);
      for (const one of next(state)) visit(one, [...path, name]);
    };
    visit(definition.StartAt, []);
  });

  it("waits for 10 s, 60 s and 5 min in all, as the command line does", () => {
    const waits = states.flatMap(([, state]) => (state.Type === "Wait" ? [state.Seconds] : []));
    expect(waits).toEqual([10, 50, 240]);
  });

  it("takes every unknown error to a Fail: only one state succeeds, and only Judge leads there", () => {
    const succeeding = states.filter(([, { Type }]) => Type === "Succeed").map(([name]) => name);
    expect(succeeding).toEqual(["Contained"]);
    const leading = states.filter(([, state]) => JSON.stringify(state).includes('"Next":"Contained"'));
    expect(leading.map(([name]) => name)).toEqual(["Judge"]);
    for (const [name, task] of tasks) {
      const { Next: otherwise } = task.Catch[0] ?? { Next: "" };
      expect([name, /^(Failed|CannotTell|ListCredentialsAllTheSame|Wait)/.test(otherwise)]).toEqual([
        name,
        true,
      ]);
    }
  });
});

interface Run {
  readonly ended: string;
  readonly aws: SmallAws;
  readonly ledger: MemoryLedger;
  readonly visited: readonly string[];
}

/** Runs the definition itself; each task's function is the step's own handler on a small AWS. */
async function execute(aws: SmallAws, between?: Between, broken?: (state: string) => void): Promise<Run> {
  const ledger = new MemoryLedger();
  const setting = ({ actor }: StepEvent) => smallSetting(aws, { ledger, actor, ...(between && { between }) });
  const visited: string[] = [];
  const handlers = Object.fromEntries(
    tasks.map(([name, task]) => {
      const step = steps.find(({ id }) => id === stepOf(task));
      if (!step) throw new Error(`no step for ${name}`);
      const handle = handlerOf(step, setting);
      return [
        name,
        async ({ Payload }: { Payload: StepEvent }) => {
          visited.push(name);
          broken?.(name);
          return { Payload: await handle(Payload) };
        },
      ];
    }),
  );
  const waits = Object.fromEntries(
    states.filter(([, { Type }]) => Type === "Wait").map(([name]) => [name, 0]),
  );
  const machine = new LocalStateMachine(JSON.parse(JSON.stringify(definition)));
  const execution = machine.run(
    { given: { arn: aws.arn }, case: "CASE-1", actor: "arn:aws:states:eu-west-1:222222222222:execution:x" },
    { overrides: { taskResourceLocalHandlers: handlers as never, waitTimeOverrides: waits } },
  );
  const ended = await execution.result.then(
    () => "Contained",
    ({ cause }: Error) => (cause as Error).name,
  );
  return { ended, aws, ledger, visited };
}

describe("run from its definition", () => {
  it("contains, checks three times, and succeeds", async () => {
    const { ended, aws, ledger, visited } = await execute(new SmallAws());
    expect(ended).toBe("Contained");
    expect(visited).toEqual([
      "Identify",
      "Quarantine",
      "ListCredentials",
      "Deactivate",
      "VerifyFirst",
      "VerifyAgain",
      "VerifyLast",
    ]);
    expect(aws.user.attached).toContain(denyAll);
    expect(aws.user.keys.map(({ status }) => status)).not.toContain("Active");
    expect((await ledger.entries()).every(({ state }) => state === "done")).toBe(true);
  });

  it("tells NotContained where the attacker takes the quarantine off before the last check", async () => {
    const aws = new SmallAws();
    const { ended } = await execute(aws, undefined, (state) => {
      if (state === "VerifyLast") aws.user.attached = [];
    });
    expect(ended).toBe("NotContained");
  });

  it("tells CannotTell where AWS can't be asked", async () => {
    const { ended, aws } = await execute(new SmallAws(), (name, _, answer) => {
      if (name === "SimulatePrincipalPolicy") throw awsError("Throttling", "Rate exceeded");
      return answer();
    });
    expect(ended).toBe("CannotTell");
    expect(aws.user.attached).toContain(denyAll);
  });

  it("tells NotAllDone where a target has failed, whatever the verdict", async () => {
    const { ended } = await execute(new SmallAws(), (name, _, answer) => {
      if (name === "UpdateSSHPublicKey") throw awsError("ServiceFailure", "no");
      return answer();
    });
    expect(ended).toBe("NotAllDone");
  });

  it("refuses the kit's own: it fails, and nothing is changed", async () => {
    const aws = new SmallAws();
    const { ended } = await execute(aws, (name, _, answer) =>
      name === "GetUser" ? { User: { Arn: "arn:aws:iam::555555555555:user/acme-ir/emergency-1" } } : answer(),
    );
    expect(ended).toBe("Failed");
    expect(aws.changes).toEqual([]);
  });

  it.each(tasks.map(([name]) => name))(
    "never undoes what was done, and never succeeds, when %s breaks",
    async (name) => {
      const { ended, aws, visited } = await execute(new SmallAws(), undefined, (state) => {
        // States beside the path are reached only when the quarantine breaks.
        if (state === name || (name.endsWith("AllTheSame") && state === "Quarantine")) {
          throw Object.assign(new Error("unheard of"), { name: "Unknown" });
        }
      });
      expect(visited).toContain(name);
      expect(aws.changes.filter((change) => /^(Detach|Delete)/.test(change))).toEqual([]);
      const checkedLater = ["VerifyFirst", "VerifyAgain"].includes(name);
      expect(ended).toBe(checkedLater ? "Contained" : name === "VerifyLast" ? "CannotTell" : "Failed");
      // A quarantine that fails does not keep credentials from being switched off.
      if (name === "Quarantine") expect(aws.user.keys.map(({ status }) => status)).not.toContain("Active");
    },
  );
});
