import { readFileSync } from "node:fs";
import path from "node:path";
import { planRelease, standingEntries, taskToRelease } from "../../../runtime/changes/release";
import { run } from "../../../runtime/shared/step";
import { closeAnalysis } from "../../../runtime/steps/close-analysis";
import {
  type AnalysisSetting,
  type Opening,
  openAnalysis,
  protects,
} from "../../../runtime/steps/open-analysis";
import { MemoryLedger } from "../../support/memory-ledger";
import { repository } from "../../support/repository";
import { faults, MortalLedger, Saboteur } from "./saboteur";
import { SmallForensics } from "./small-forensics";
import { forensics, region } from "./small-machines";

const open = (setting: AnalysisSetting, instances: string[] = [], waitSeconds = 900): Promise<Opening> =>
  run(setting, openAnalysis, { instances, waitSeconds });
const close = (setting: AnalysisSetting, waitSeconds = 900) =>
  run(setting, closeAnalysis, { account: forensics, region, waitSeconds });

/** What stands in the end, without ids, which depend on what came first. */
const standing = (aws: SmallForensics) => ({
  machines: aws.machines.map(({ state }) => state),
  volumes: aws.volumes
    .map(({ snapshot, state, attached }) => [snapshot, state, attached?.device].join(" "))
    .sort(),
});

describe("opening what a case has preserved", () => {
  it("launches one machine and attaches a copy of each volume", async () => {
    const aws = new SmallForensics();
    const opening = await open(aws.setting());
    expect(opening.volumes.map(({ volume, device, state }) => [volume, device, state])).toEqual([
      ["vol-a", "/dev/sdf", "attached"],
      ["vol-b", "/dev/sdg", "attached"],
      ["vol-c", "/dev/sdh", "attached"],
    ]);
    expect([opening.machine, opening.online, opening.problems]).toEqual(["i-100", true, []]);
    expect(standing(aws).machines).toEqual(["running"]);
  });

  it("attaches nothing before the machine has said that it writes to no other disk", async () => {
    const aws = new SmallForensics();
    aws.speaks = false;
    const { volumes, machine } = await open(aws.setting());
    expect(volumes.map(({ state, why }) => [state, why])).toEqual(
      Array.from({ length: 3 }, () => ["pending", expect.stringContaining("has not said yet")]),
    );
    expect([machine, aws.changes]).toEqual(["i-100", ["RunInstances"]]);
  });

  it("attaches nothing to a machine that says it can't keep from writing", async () => {
    const aws = new SmallForensics();
    aws.says = '{"what":"started"}';
    const { volumes, started } = await open(aws.setting());
    expect([volumes.map(({ state }) => state), started]).toEqual([
      ["pending", "pending", "pending"],
      ['{"what":"started"}'],
    ]);
    expect(aws.changes).toEqual(["RunInstances"]);
  });

  it("waits for what machines on Linux and Windows both say", () => {
    for (const script of ["linux.sh", "windows.ps1"]) {
      expect(readFileSync(path.join(repository, "machines", script), "utf8")).toMatch(
        new RegExp(`say ["']${protects}["']`, "i"),
      );
    }
  });

  it("does not wait for a machine that has ended, and says why it has", async () => {
    const aws = new SmallForensics();
    aws.endsBefore = "Client.InvalidKMSKey.InvalidState: The KMS key is disabled";
    const { volumes, machine } = await open(aws.setting());
    expect([machine, volumes.map(({ why }) => why)]).toEqual([
      undefined,
      Array.from({ length: 3 }, () =>
        expect.stringContaining("i-100 has ended: Client.InvalidKMSKey.InvalidState"),
      ),
    ]);
  });

  it("makes another copy in the place of one that came to nothing", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    aws.breaks = true;
    const first = await open(setting);
    expect(first.volumes.map(({ state }) => state).sort()).toEqual(["attached", "attached", "failed"]);
    const second = await open(setting);
    expect(second.volumes.map(({ state }) => state)).toEqual(["attached", "attached", "attached"]);
    await close(setting);
    expect(aws.volumes).toEqual([]);
  });

  it("makes copies of its own for each kind of machine, also after a close", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    const other = {
      ...setting,
      analysis: { ...setting.analysis, template: "acme-ir-forensic-linux-x86-64" },
    };
    await open(setting);
    const both = await open(other);
    expect(both.volumes.map(({ state }) => state)).toEqual(["attached", "attached", "attached"]);
    expect(aws.volumes).toHaveLength(6);
    await close(setting);
    expect((await open(other)).volumes.map(({ state }) => state)).toEqual([
      "attached",
      "attached",
      "attached",
    ]);
  });

  it("opens a machine where another responder has opened one before and closed it", async () => {
    const aws = new SmallForensics();
    const one = aws.setting();
    await open(one);
    await close(one);
    const { volumes } = await open(aws.setting({ ledger: new MemoryLedger() }));
    expect(volumes.map(({ state }) => state)).toEqual(["attached", "attached", "attached"]);
  });

  it("gives machine and copies the tags by which only responders of the case have them", async () => {
    const aws = new SmallForensics();
    await open(aws.setting());
    for (const { tags } of [...aws.machines, ...aws.volumes]) {
      expect(tags).toEqual(
        expect.arrayContaining([
          { Key: "ir:case", Value: "CASE-1" },
          { Key: "ir:kit", Value: "true" },
        ]),
      );
    }
  });

  it("has it signed for which copies were opened, on which machine", async () => {
    const aws = new SmallForensics();
    const { pieces } = await open(aws.setting());
    expect(pieces).toEqual([expect.stringMatching(/\/evidence\/CASE-1\/instances\/i-100\/.*-opened\.json$/)]);
    expect(aws.signed.map(({ actor, pieces: of }) => [actor, of.length])).toEqual([["emergency-1", 1]]);
  });

  it("opens volumes of the machines that are named, and no others", async () => {
    const aws = new SmallForensics();
    const { volumes } = await open(aws.setting(), ["i-2"]);
    expect(volumes.map(({ volume }) => volume)).toEqual(["vol-c"]);
    await expect(open(aws.setting(), ["i-9"])).rejects.toThrow(/no volume of i-9 .*but of i-1, i-2/);
  });

  it("adds what was preserved since, and takes no device twice", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting, ["i-2"]);
    const { volumes } = await open(setting);
    expect(volumes.map(({ volume, device, state }) => [volume, device, state])).toEqual([
      ["vol-a", "/dev/sdg", "attached"],
      ["vol-b", "/dev/sdh", "attached"],
      ["vol-c", "/dev/sdf", "attached"],
    ]);
    expect(aws.machines).toHaveLength(1);
  });

  it("takes the copy that is nearest to the incident, and waits for none that is on its way", async () => {
    const aws = new SmallForensics([
      { id: "snap-2", volume: "vol-a", machine: "i-1", state: "completed", started: 2000 },
      { id: "snap-1", volume: "vol-a", machine: "i-1", state: "completed", started: 1000 },
      { id: "snap-0", volume: "vol-a", machine: "i-1", state: "error", started: 500 },
      { id: "snap-3", volume: "vol-b", machine: "i-1", state: "pending" },
    ]);
    const { volumes } = await open(aws.setting());
    expect(volumes.map(({ snapshot, state, why }) => [snapshot, state, why])).toEqual([
      ["snap-1", "attached", undefined],
      ["snap-3", "pending", "snap-3 is at 40%; run the command again"],
    ]);
  });

  it("changes nothing when it is run again", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting);
    const [before, changes] = [standing(aws), aws.changes.filter((call) => call !== "PutObject").length];
    const { volumes } = await open(setting);
    expect(volumes.every(({ state }) => state === "attached")).toBe(true);
    expect(standing(aws)).toEqual(before);
    expect(aws.changes.filter((call) => call !== "PutObject")).toHaveLength(changes);
  });

  it("finds what another responder has opened, whose ledger it does not have", async () => {
    const aws = new SmallForensics();
    await open(aws.setting());
    await open(aws.setting({ ledger: new MemoryLedger() }));
    expect([aws.machines.length, aws.volumes.length]).toEqual([1, 3]);
  });

  it("plans, and calls nothing", async () => {
    const aws = new SmallForensics();
    const { results, volumes } = await open(aws.setting({ dryRun: true }));
    expect(results.map(({ outcome }) => outcome)).toEqual(["planned"]);
    expect(volumes.map(({ state }) => state)).toEqual(["planned", "planned", "planned"]);
    expect(aws.changes).toEqual([]);
  });

  it("plans the rest where a machine stands, and stores nothing", async () => {
    const aws = new SmallForensics();
    const ledger = new MemoryLedger();
    await open(aws.setting({ ledger }), ["i-2"]);
    const [changes, stored] = [aws.changes.length, aws.stored.length];
    const { volumes } = await open(aws.setting({ ledger, dryRun: true }));
    expect(volumes.map(({ state }) => state)).toEqual(["planned", "planned", "attached"]);
    expect([aws.changes.length, aws.stored.length, aws.signed.length]).toEqual([changes, stored, 1]);
  });

  it.each([
    [
      "without endpoints, with the command that makes them",
      (aws: SmallForensics) => {
        aws.endpoints = ["acme-ir-forensic-ssm"];
      },
      /acme-ir-forensic-ssmmessages is not there\. .*npx cdktf deploy forensic-endpoints-eu-west-1/,
    ],
    [
      "of a case that has preserved nothing",
      (aws: SmallForensics) => aws.snapshots.splice(0),
      /CASE-1 has preserved no volume in eu-west-1\. npx ir-kit respond preserve/,
    ],
    [
      "of more volumes than a machine takes",
      (aws: SmallForensics) =>
        aws.snapshots.push({ id: "snap-4", volume: "vol-d", machine: "i-3", state: "completed" }),
      /4 volumes are preserved, and a machine takes 3: name some by --instance, of i-1, i-2, i-3/,
    ],
  ])("refuses to open %s", async (_, change, message) => {
    const aws = new SmallForensics();
    change(aws);
    await expect(open(aws.setting())).rejects.toThrow(message);
    expect(aws.changes).toEqual([]);
  });

  it("says what to do with a machine that somebody has stopped", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting);
    const [machine] = aws.machines;
    if (machine) machine.state = "stopped";
    await expect(open(setting)).rejects.toThrow(/i-100 is stopped: npx ir-kit forensics close CASE-1/);
  });
});

describe("closing what a case has opened", () => {
  it("ends machine and working copies, whoever has opened them", async () => {
    const aws = new SmallForensics();
    await open(aws.setting());
    const { left } = await close(aws.setting());
    expect([left, aws.volumes, standing(aws).machines]).toEqual([[], [], ["shutting-down"]]);
    expect(aws.snapshots).toHaveLength(3);
  });

  it("leaves nothing in force in the ledger, and opens another machine afterwards", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting);
    await close(setting);
    const inForce = await standingEntries(setting.ledger);
    expect(inForce.every(({ undo }) => undo.kind === "irreversible")).toBe(true);
    const { machine, volumes } = await open(setting);
    expect([machine, volumes.map(({ state }) => state)]).toEqual([
      "i-101",
      ["attached", "attached", "attached"],
    ]);
  });

  it("opens another machine where one was shut down from inside", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting);
    for (const machine of aws.machines) machine.state = "terminated";
    for (const volume of aws.volumes) {
      volume.state = "available";
      delete volume.attached;
    }
    aws.zone = "eu-west-1b";
    const { machine, volumes } = await open(setting);
    expect([machine, volumes.map(({ state }) => state)]).toEqual([
      "i-101",
      ["attached", "attached", "attached"],
    ]);
    await close(setting);
    expect(aws.volumes).toEqual([]);
  });

  it("is not what a release of the case does: that leaves an analysis alone", async () => {
    const aws = new SmallForensics();
    const setting = aws.setting();
    await open(setting);
    const plan = await planRelease(setting, { reactivate: [], acceptLiveSessions: false });
    expect(plan.map(({ plan: what, why }) => [what, why])).toEqual(
      Array.from({ length: 7 }, () => ["kept", "ended by: npx ir-kit forensics close CASE-1"]),
    );
    expect(taskToRelease(await standingEntries(setting.ledger))).toBe("evidence");
  });

  it("does nothing where nothing is open, and plans where it is told to", async () => {
    const aws = new SmallForensics();
    expect(await close(aws.setting())).toEqual({ region, results: [], left: [] });
    await open(aws.setting());
    const before = standing(aws);
    const { results } = await close(aws.setting({ dryRun: true }));
    expect(results.map(({ outcome }) => outcome)).toEqual(["planned", "planned", "planned", "planned"]);
    expect(standing(aws)).toEqual(before);
  });
});

describe("a fault at any call of an analysis", () => {
  let injected = 0;
  afterAll(() => process.stdout.write(`opening and closing: ${injected} faults injected\n`));

  const countedCalls = async (work: (setting: AnalysisSetting) => Promise<unknown>, before = false) => {
    const aws = new SmallForensics();
    const ledger = new MortalLedger();
    if (before) await open(aws.setting({ ledger }));
    const counter = new Saboteur(0, "is denied");
    await work(aws.setting({ ledger, between: counter.between }));
    return { calls: counter.calls, ...standing(aws) };
  };

  it.each(faults)("opens the same after a second run, one machine and no copy twice: %s", async (fault) => {
    const { calls, ...wanted } = await countedCalls(open);
    for (let at = 1; at <= calls; at += 1) {
      const aws = new SmallForensics();
      const ledger = new MortalLedger();
      const saboteur = new Saboteur(at, fault);
      ledger.alive = saboteur.alive;
      await open(aws.setting({ ledger, between: saboteur.between })).catch(() => undefined);
      ledger.alive = () => undefined;
      if (saboteur.calls >= at) injected += 1;
      const { volumes } = await open(aws.setting({ ledger }));
      expect([at, volumes.map(({ state }) => state)]).toEqual([at, ["attached", "attached", "attached"]]);
      expect([at, standing(aws)]).toEqual([at, wanted]);
      const entries = await standingEntries(ledger);
      expect([at, entries.filter(({ state }) => state === "intended")]).toEqual([at, []]);
    }
  });

  it.each(faults)("leaves nothing after a second run: %s", async (fault) => {
    const { calls } = await countedCalls(close, true);
    for (let at = 1; at <= calls; at += 1) {
      const aws = new SmallForensics();
      const ledger = new MortalLedger();
      await open(aws.setting({ ledger }));
      const saboteur = new Saboteur(at, fault);
      ledger.alive = saboteur.alive;
      await close(aws.setting({ ledger, between: saboteur.between })).catch(() => undefined);
      ledger.alive = () => undefined;
      if (saboteur.calls >= at) injected += 1;
      const { left } = await close(aws.setting({ ledger }));
      expect([at, left, aws.volumes]).toEqual([at, [], []]);
      expect(aws.machines.every(({ state }) => state !== "running")).toBe(true);
    }
  });

  it("is met by a hundred runs and more", () => {
    expect(injected).toBeGreaterThan(200);
  });
});
