import type { Setting } from "../../../runtime/shared/setting";
import { MemoryLedger } from "../../support/memory-ledger";
import type { Between } from "./plugged";
import { awsError, type SmallAccount, smallSetting } from "./small-aws";

/** The process is gone: whatever it would do next, AWS and ledger never hear of it. */
class Dead extends Error {}

export const faults = [
  "dies before",
  "dies after",
  "is throttled",
  "is denied",
  "times out before",
  "times out after",
  "reads what was before",
] as const;
export type Fault = (typeof faults)[number];

/** Lets one call go wrong, and remembers answers to give them again, stale. */
export class Saboteur {
  calls = 0;
  dead = false;
  private readonly earlier = new Map<string, unknown>();

  constructor(
    private readonly at: number,
    private readonly fault: Fault,
  ) {}

  readonly between: Between = (name, input, answer) => {
    this.alive();
    this.calls += 1;
    const key = JSON.stringify([name, input]);
    if (this.calls !== this.at) {
      const told = answer();
      if (!this.earlier.has(key)) this.earlier.set(key, structuredClone(told));
      return told;
    }
    switch (this.fault) {
      case "dies before":
        return this.die();
      case "dies after":
        answer();
        return this.die();
      case "is throttled":
        throw awsError("ThrottlingException", "Rate exceeded");
      case "is denied":
        throw awsError("AccessDenied", "not authorized");
      case "times out before":
        throw awsError("TimeoutError", "no answer");
      case "times out after":
        answer();
        throw awsError("TimeoutError", "no answer");
      case "reads what was before": {
        const told = answer();
        return this.earlier.get(key) ?? told;
      }
    }
  };

  readonly alive = () => {
    if (this.dead) throw new Dead();
  };

  private die(): never {
    this.dead = true;
    throw new Dead();
  }
}

/** A ledger that is out of reach once the process is dead. */
export class MortalLedger extends MemoryLedger {
  alive: () => void = () => undefined;

  override intend(...given: Parameters<MemoryLedger["intend"]>) {
    this.alive();
    return super.intend(...given);
  }

  override settle(...given: Parameters<MemoryLedger["settle"]>) {
    this.alive();
    return super.settle(...given);
  }
}

export const settingOf = (aws: SmallAccount, ledger: MemoryLedger, between?: Between): Setting =>
  smallSetting(aws, { ledger, ...(between && { between }) });

/** Runs until it works, as a responder does; the first run meets the fault. */
export async function despite(
  aws: SmallAccount,
  ledger: MortalLedger,
  at: number,
  fault: Fault,
  work: (setting: Setting) => Promise<unknown>,
): Promise<Saboteur> {
  const saboteur = new Saboteur(at, fault);
  ledger.alive = saboteur.alive;
  await work(settingOf(aws, ledger, saboteur.between)).catch(() => undefined);
  ledger.alive = () => undefined;
  return saboteur;
}
