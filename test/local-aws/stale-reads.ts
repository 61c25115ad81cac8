import type { Conditions, StaleService } from "./conditions";
import type { AwsAnswer, AwsCall } from "./protocol";

const reads = /^(Get|List|Describe)[A-Z]/;
const stale = (service: string): service is StaleService => ["iam", "organizations", "ec2"].includes(service);

/**
 * Answers from before a change, for as long as the conditions say. Only what was asked before the change can be
 * answered so: of what is new, and was never asked for, the present answer is given.
 */
export class StaleReads {
  private readonly known = new Map<string, { readonly answer: AwsAnswer; readonly at: number }>();
  private readonly changed = new Map<string, number>();

  async through(
    call: AwsCall,
    caller: () => Promise<{ readonly account: string }>,
    { now, staleFor }: Conditions,
    answer: () => Promise<AwsAnswer>,
  ): Promise<AwsAnswer> {
    const { service, operation } = call;
    const time = stale(service) ? (staleFor[service] ?? 0) : 0;
    if (time === 0) return answer();
    const place = `${service} ${(await caller()).account} ${call.region}`;
    if (!reads.test(operation)) {
      const given = await answer();
      if (given.status < 400) this.changed.set(place, now());
      return given;
    }
    const key = `${place} ${operation} ${JSON.stringify(call.parameters)}`;
    const before = this.known.get(key);
    const changedAt = this.changed.get(place) ?? Number.NEGATIVE_INFINITY;
    if (before && before.at <= changedAt && now() < changedAt + time) return before.answer;
    const given = await answer();
    this.known.set(key, { answer: given, at: now() });
    return given;
  }

  forget(): void {
    this.known.clear();
    this.changed.clear();
  }
}
