import { planRelease, release, standingEntries } from "../../../runtime/changes/release";
import type { Setting } from "../../../runtime/shared/setting";
import { run } from "../../../runtime/shared/step";
import { identifyPrincipal } from "../../../runtime/steps/identify-principal";
import { containPrincipal, factsOf, verifyAt } from "../../../runtime/workflows/contain-principal";
import type { MemoryLedger } from "../../support/memory-ledger";
import { despite, faults, MortalLedger, Saboteur, settingOf } from "./saboteur";
import { denyAll, SmallAws, type SmallUser } from "./small-aws";

async function respond(setting: Setting, arn: string): Promise<string | undefined> {
  const { principal } = await run(setting, identifyPrincipal, { arn });
  await factsOf(setting, principal, new Date(0));
  const { contained, results } = await containPrincipal(setting, principal);
  const verdicts = await verifyAt(setting, principal, contained, [10, 60, 300], () => undefined);
  const failed = results.some(({ outcome }) => outcome === "failed");
  return failed ? "failed" : verdicts.at(-1)?.verdict.verdict;
}

const undo = async (setting: Setting, reactivate: readonly string[]) =>
  release(setting, await planRelease(setting, { reactivate, acceptLiveSessions: true }), () => undefined);

const openings = /^(Detach|Delete)/;

/** Users that an attacker, or an earlier hand, may have left in many ways. */
const users: Readonly<Record<string, Partial<SmallUser>>> = {
  "a user with every kind of credential": {},
  "a user whose policies are full": {
    attached: Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/Some${index}`),
    boundary: "arn:aws:iam::555555555555:policy/developers",
  },
  "a user that was quarantined by somebody else before": { attached: [denyAll] },
};

describe("a fault at any call", () => {
  let injected = 0;
  afterAll(() => process.stdout.write(`faults: ${injected} injected\n`));

  describe.each(Object.entries(users))("%s", (_, user) => {
    const reference = async () => {
      const aws = new SmallAws(structuredClone(user));
      const ledger = new MortalLedger();
      const counter = new Saboteur(0, "is denied");
      const verdict = await respond(settingOf(aws, ledger, counter.between), aws.arn);
      return { aws, ledger, calls: counter.calls, verdict };
    };

    it("is contained without one", async () => {
      const { aws, verdict } = await reference();
      expect(verdict).toBe("CONTAINED");
      expect(aws.user.attached.includes(denyAll) || aws.user.boundary === denyAll).toBe(true);
      for (const list of [aws.user.keys, aws.user.sshKeys, aws.user.certificates, aws.user.services]) {
        expect(list.map(({ status }) => status)).not.toContain("Active");
      }
    });

    it.each(faults)("ends the same after a second run: %s", async (fault) => {
      const wanted = await reference();
      const facts = (ledger: MemoryLedger) =>
        ledger.entries().then((entries) =>
          entries
            .filter(({ state }) => state === "done")
            .map(({ action, input, before, after }) => ({ action, input, before, after }))
            .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        );
      for (let at = 1; at <= wanted.calls; at += 1) {
        const aws = new SmallAws(structuredClone(user));
        const ledger = new MortalLedger();
        const saboteur = await despite(aws, ledger, at, fault, (setting) => respond(setting, aws.arn));
        if (saboteur.calls >= at) injected += 1;
        // What was contained stays so, whatever went wrong after it.
        expect(aws.changes.filter((name) => openings.test(name))).toEqual([]);
        expect(await respond(settingOf(aws, ledger), aws.arn)).toBe("CONTAINED");
        expect(aws.user).toEqual(wanted.aws.user);
        expect(await facts(ledger)).toEqual(await facts(wanted.ledger));
        const standing = await standingEntries(ledger);
        expect(standing.map(({ state }) => state)).not.toContain("intended");
        const things = standing.map(({ action, input }) => JSON.stringify([action, input]));
        expect(new Set(things).size).toBe(things.length);
        expect(new Set(aws.changes).size).toBeGreaterThanOrEqual(new Set(wanted.aws.changes).size);
      }
    });

    it.each(faults)("and so does a release: %s", async (fault) => {
      const { ledger: full, aws: contained } = await reference();
      const counter = new Saboteur(0, "is denied");
      const reactivate = (await full.entries()).map(({ input }) => String((input as { id?: string }).id));
      await undo(settingOf(contained, full, counter.between), reactivate);
      const wanted = contained.user;
      for (let at = 1; at <= counter.calls; at += 1) {
        const { aws, ledger } = await reference();
        await despite(aws, ledger, at, fault, (setting) => undo(setting, reactivate));
        injected += 1;
        expect(await undo(settingOf(aws, ledger), reactivate)).toBe(true);
        expect(aws.user).toEqual(wanted);
        const left = (await ledger.entries()).filter(
          ({ state, undo: { kind } }) => state === "done" && kind !== "irreversible",
        );
        expect(left).toEqual([]);
      }
    });
  });

  it("is met by hundreds of runs", () => {
    expect(injected).toBeGreaterThan(300);
  });
});
