import { planRelease, release, standingEntries } from "../../../runtime/changes/release";
import type { Setting } from "../../../runtime/shared/setting";
import { run } from "../../../runtime/shared/step";
import type { Sessions } from "../../../runtime/steps/cut-sessions";
import { identifyPrincipal } from "../../../runtime/steps/identify-principal";
import {
  containPrincipal,
  containSessions,
  factsOf,
  verifyAt,
} from "../../../runtime/workflows/contain-principal";
import { despite, faults, MortalLedger, Saboteur, settingOf as settingAt } from "./saboteur";
import { denyAll, SmallRole } from "./small-aws";

let seconds = 0;

const laterClock = () => new Date(Date.now() + seconds * 1000);

/** Time goes on from run to run: what is run again must not rest on being as quick as a test. */
const later = (setting: Setting): Setting => {
  seconds += 7;
  const now = laterClock();
  return { ...setting, clock: { ...setting.clock, now: () => now } };
};
const settingOf = (...given: Parameters<typeof settingAt>): Setting => later(settingAt(...given));

/** Contains a role as a whole, or sessions of it. */
async function respond(setting: Setting, arn: string, sessions?: Sessions): Promise<string | undefined> {
  const { principal } = await run(setting, identifyPrincipal, { arn });
  await factsOf(setting, principal, new Date(0));
  const containment = sessions
    ? await containSessions(setting, principal, sessions)
    : { ...(await containPrincipal(setting, principal)), cut: undefined };
  const { contained, results, cut } = containment;
  const verdicts = await verifyAt(setting, principal, contained, [10, 60, 300], () => undefined, cut);
  const failed = results.some(({ outcome }) => outcome === "failed");
  return failed ? "failed" : verdicts.at(-1)?.verdict.verdict;
}

const undo = async (setting: Setting) =>
  release(setting, await planRelease(setting, { reactivate: [], acceptLiveSessions: true }), () => undefined);

const full = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/Some${index}`);

const cases: readonly (readonly [string, readonly string[], Sessions | undefined])[] = [
  ["a role", [], undefined],
  ["a role whose policies are full", full, undefined],
  ["a role that was quarantined by somebody else before", [denyAll], undefined],
  ["one session of a role", [], { kind: "session", name: "stolen" }],
  [
    "an Identity Center user",
    [],
    { kind: "identity-center-user", id: "11111111-2222-4333-8444-555555555555" },
  ],
];

describe("a fault at any call, with a role", () => {
  let injected = 0;
  afterAll(() => process.stdout.write(`faults with roles: ${injected} injected\n`));

  describe.each(cases)("%s", (_, attached, sessions) => {
    const reference = async () => {
      const aws = new SmallRole(attached, laterClock);
      const ledger = new MortalLedger();
      const counter = new Saboteur(0, "is denied");
      const verdict = await respond(settingOf(aws, ledger, counter.between), aws.arn, sessions);
      return { aws, ledger, calls: counter.calls, verdict };
    };

    it("is contained without one", async () => {
      const { aws, verdict } = await reference();
      expect(verdict).toBe("CONTAINED");
      if (sessions)
        expect(aws.state).toMatchObject({
          attached: [],
          boundary: null,
          cuts: [expect.stringContaining(sessions.kind)],
        });
      else expect(aws.attached.includes(denyAll) || aws.boundary === denyAll).toBe(true);
    });

    it.each(faults)("ends the same after a second run: %s", async (fault) => {
      const wanted = await reference();
      for (let at = 1; at <= wanted.calls; at += 1) {
        const aws = new SmallRole(attached, laterClock);
        const ledger = new MortalLedger();
        const saboteur = await despite(aws, ledger, at, fault, (setting) =>
          respond(setting, aws.arn, sessions),
        );
        if (saboteur.calls >= at) injected += 1;
        expect(aws.changes.filter((name) => /^(Detach|Delete)/.test(name))).toEqual([]);
        expect(await respond(settingOf(aws, ledger), aws.arn, sessions)).toBe("CONTAINED");
        expect(aws.state).toEqual(wanted.aws.state);
        const standing = await standingEntries(ledger);
        expect(standing.map(({ state }) => state)).not.toContain("intended");
        // A cut until then is followed by one until now: sessions were opened meanwhile.
        const renewed = sessions?.kind === "identity-center-user" ? standing.slice(-1) : standing;
        expect(renewed).toHaveLength((await standingEntries(wanted.ledger)).length);
      }
    });

    it.each(faults)("and so does a release: %s", async (fault) => {
      const before = new SmallRole(attached, laterClock).state;
      const whole = await reference();
      const counter = new Saboteur(0, "is denied");
      await undo(settingOf(whole.aws, whole.ledger, counter.between));
      // A boundary is not a responder's to take off.
      if (whole.aws.boundary === null) expect(whole.aws.state).toEqual(before);
      for (let at = 1; at <= counter.calls; at += 1) {
        const { aws, ledger } = await reference();
        await despite(aws, ledger, at, fault, (setting) => undo(later(setting)));
        injected += 1;
        expect(await undo(settingOf(aws, ledger))).toBe(true);
        expect(aws.state).toEqual(whole.aws.state);
      }
    });
  });

  it("is met by hundreds of runs", () => {
    expect(injected).toBeGreaterThan(300);
  });
});
