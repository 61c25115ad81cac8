import fc from "fast-check";
import { planRelease, release, standingEntries } from "../../../runtime/changes/release";
import { principalOfArn } from "../../../runtime/shared/principal";
import { containPrincipal } from "../../../runtime/workflows/contain-principal";
import { MemoryLedger } from "../../support/memory-ledger";
import type { Between } from "./plugged";
import { denyAll, SmallAws, smallSetting } from "./small-aws";

describe("two responders on one case", () => {
  it("contain once, whatever the order of their calls, and one release brings back what was there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const aws = new SmallAws();
        const before = structuredClone(aws.user);
        const ledger = new MemoryLedger();
        const principal = principalOfArn(aws.arn);
        const between: Between = (name, _, answer) =>
          scheduler.schedule(Promise.resolve(), name).then(answer);
        const responders = ["emergency-1", "emergency-2"].map((actor) =>
          containPrincipal(smallSetting(aws, { between, ledger, actor }), principal),
        );
        await scheduler.waitFor(Promise.all(responders));
        expect(aws.user.attached).toEqual([denyAll]);
        for (const list of [aws.user.keys, aws.user.sshKeys, aws.user.certificates, aws.user.services]) {
          expect(list.map(({ status }) => status)).not.toContain("Active");
        }
        const setting = smallSetting(aws, { ledger });
        const reactivate = (await ledger.entries()).map(({ input }) => String((input as { id?: string }).id));
        const plan = await planRelease(setting, { reactivate, acceptLiveSessions: true });
        expect(await release(setting, plan, () => undefined)).toBe(true);
        expect(aws.user).toEqual(before);
        expect(await standingEntries(ledger)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe("a ledger that can't be written", () => {
  it("keeps every change from being made: what is not written down is not done", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    ledger.intend = () => Promise.reject(new Error("no space left on the device"));
    await expect(containPrincipal(smallSetting(aws, { ledger }), principalOfArn(aws.arn))).rejects.toThrow(
      "no space",
    );
    expect(aws.changes).toEqual([]);
  });

  it("after a call leaves what the next run finds and settles", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    const settle = ledger.settle.bind(ledger);
    ledger.settle = () => Promise.reject(new Error("no space left on the device"));
    await expect(containPrincipal(smallSetting(aws, { ledger }), principalOfArn(aws.arn))).rejects.toThrow(
      "no space",
    );
    expect(aws.user.attached).toEqual([denyAll]);
    ledger.settle = settle;
    await containPrincipal(smallSetting(aws, { ledger }), principalOfArn(aws.arn));
    const [first] = await ledger.entries();
    expect(first).toMatchObject({
      action: "iam:AttachUserPolicy",
      state: "done",
      before: { attached: false },
    });
    expect(aws.changes.filter((name) => name === "AttachUserPolicy")).toHaveLength(1);
  });
});
