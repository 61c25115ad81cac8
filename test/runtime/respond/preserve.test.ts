import { planRelease, release, standingEntries } from "../../../runtime/changes/release";
import type { EvidenceSetting } from "../../../runtime/custody/deposit";
import { run } from "../../../runtime/shared/step";
import { type Preservation, preserveInstance } from "../../../runtime/steps/preserve-instance";
import { faults, MortalLedger, Saboteur } from "./saboteur";
import {
  evidenceKey,
  foreignKey,
  forensics,
  instanceId,
  member,
  region,
  SmallMachines,
} from "./small-machines";

const machine = { account: member, region, instance: instanceId };
const preserve = (setting: EvidenceSetting, waitSeconds = 900): Promise<Preservation> =>
  run(setting, preserveInstance, { ...machine, waitSeconds });

/** What stands in the end, without ids, which depend on what came first. */
const standing = (aws: SmallMachines) => ({
  protection: [aws.protectedFromTermination, aws.shutdownBehavior, aws.volumes.map(({ goes }) => goes)],
  snapshots: aws.snapshots
    .map(({ owner, volume, key, tags, shares, state }) => {
      const { "ir:source": source, ...others } = tags;
      return JSON.stringify({ owner, volume, key, tags: others, copy: source !== undefined, shares, state });
    })
    .sort(),
});

describe("preserving an instance", () => {
  it("copies each volume into the forensics account, by the way that its key leaves", async () => {
    const aws = new SmallMachines();
    const { volumes, problems, manifest } = await preserve(aws.setting());
    expect(volumes.map(({ volume, route, state }) => [volume.slice(-1), route, state])).toEqual([
      ["1", "shared", "preserved"],
      ["2", "re-encrypted", "preserved"],
      ["3", "re-encrypted", "preserved"],
    ]);
    const own = aws.snapshots.filter(({ owner }) => owner === forensics);
    expect(own.map(({ key, volume, state }) => [key, volume.slice(-1), state]).sort()).toEqual([
      [evidenceKey, "1", "completed"],
      [evidenceKey, "2", "completed"],
      [evidenceKey, "3", "completed"],
    ]);
    expect(own.flatMap(({ shares }) => shares)).toEqual([]);
    expect([problems, manifest?.number]).toEqual([[], 2]);
  });

  it("protects before it snapshots, and snapshots before it waits for anything", async () => {
    const aws = new SmallMachines();
    await preserve(aws.setting());
    expect(aws.changes.slice(0, 5)).toEqual([
      ...Array.from({ length: 4 }, () => "ModifyInstanceAttribute"),
      "CreateSnapshots",
    ]);
    expect(standing(aws).protection).toEqual([true, "stop", [false, false, false]]);
  });

  it("stores what AWS tells and what the machine shows, and has each piece signed for", async () => {
    const aws = new SmallMachines();
    const { pieces } = await preserve(aws.setting());
    const names = [...aws.objects.keys()].map((key) => key.replace(/^.*Z-[0-9a-f]{6}-/, ""));
    expect(names.sort()).toEqual([
      "console-output.txt",
      "console-screenshot.jpg",
      "facts.json",
      "user-data",
      "volumes.json",
    ]);
    expect(aws.signed.flatMap((request) => request.pieces.map(({ key }) => key)).sort()).toEqual(
      [...aws.objects.keys()].sort(),
    );
    expect(pieces).toHaveLength(5);
    const facts = [...aws.objects].find(([key]) => key.endsWith("facts.json"))?.[1] ?? "{}";
    // As it was found, and not as it was left.
    expect(JSON.parse(facts)).toMatchObject({
      instance: { InstanceId: instanceId },
      around: {
        terminationProtection: { DisableApiTermination: { Value: false } },
        networkInterfaces: [{ NetworkInterfaceId: "eni-1" }],
      },
      unreadable: [],
    });
  });

  it("changes nothing when it is run again, but tells anew what there is", async () => {
    const aws = new SmallMachines();
    const setting = aws.setting();
    await preserve(setting);
    const [before, changes] = [standing(aws), aws.changes.filter((call) => call !== "PutObject").length];
    const { volumes } = await preserve(setting);
    expect(volumes.every(({ state }) => state === "preserved")).toBe(true);
    expect(standing(aws)).toEqual(before);
    expect(aws.changes.filter((call) => call !== "PutObject")).toHaveLength(changes);
  });

  it("stops waiting in time, and goes on later", async () => {
    const aws = new SmallMachines();
    aws.looks = 1_000;
    const setting = aws.setting();
    const first = await preserve(setting, 60);
    expect(first.volumes.map(({ state }) => state)).toEqual(["pending", "pending", "pending"]);
    expect(first.volumes[0]?.why).toContain("run the command again");
    for (const snapshot of aws.snapshots) snapshot.looks = 0;
    aws.looks = 0;
    const second = await preserve(setting, 60);
    expect(second.volumes.map(({ state }) => state)).toEqual(["preserved", "preserved", "preserved"]);
    expect(aws.snapshots).toHaveLength(8);
  });

  it("preserves the others where one volume's key is out of reach", async () => {
    const aws = new SmallMachines();
    aws.volumes.push({ id: "vol-00000000000000004", device: "/dev/sdd", key: foreignKey, goes: false });
    const { volumes } = await preserve(aws.setting());
    expect(volumes.map(({ state }) => state)).toEqual(["preserved", "preserved", "preserved", "failed"]);
    expect(volumes[3]?.why).toContain("Given key ID is not accessible");
  });

  it("does not ask of a Spot instance what it can't have, and says what it lacks", async () => {
    const aws = new SmallMachines();
    aws.lifecycle = "spot";
    const { results, warnings } = await preserve(aws.setting());
    expect(results.map(({ outcome }) => outcome)).not.toContain("failed");
    expect([aws.protectedFromTermination, aws.shutdownBehavior]).toEqual([false, "terminate"]);
    expect(warnings).toContain("a Spot instance can't be protected; AWS may take it back");
  });

  it("only lists what it would do in a dry run", async () => {
    const aws = new SmallMachines();
    const before = standing(aws);
    const { results, volumes } = await preserve(aws.setting({ dryRun: true }));
    expect(results.map(({ outcome, why }) => [outcome, why?.split(" ")[0]])).toEqual([
      ["planned", "ec2:ModifyInstanceAttribute/DisableApiTermination"],
      ["planned", "ec2:ModifyInstanceAttribute/InstanceInitiatedShutdownBehavior"],
      ["planned", "ec2:ModifyInstanceAttribute/BlockDeviceMapping"],
      ["skipped", "was"],
      ["planned", "ec2:ModifyInstanceAttribute/BlockDeviceMapping"],
      ["planned", "ec2:CreateSnapshots"],
    ]);
    expect(volumes.map(({ state }) => state)).toEqual(["planned", "planned", "planned"]);
    expect([standing(aws), aws.changes, aws.objects.size]).toEqual([before, [], 0]);
  });

  it("is released: protection as it was found, snapshots kept", async () => {
    const aws = new SmallMachines();
    const found = standing(aws).protection;
    const setting = aws.setting();
    await preserve(setting);
    const plan = await planRelease(setting, { reactivate: [], acceptLiveSessions: false });
    expect(await release(setting, plan, () => undefined)).toBe(true);
    expect(standing(aws).protection).toEqual(found);
    expect(aws.snapshots).toHaveLength(8);
    expect(plan.filter(({ plan: what }) => what === "kept")).toHaveLength(9);
  });

  it.each([
    [
      "an instance that is not there",
      { instance: "i-0fffffffffffffff0" },
      /is not in 555555555555, eu-west-1/,
    ],
    ["an instance of the forensics account", { account: forensics }, /is in the forensics account/],
  ])("refuses %s", async (_, other, message) => {
    const aws = new SmallMachines();
    const given = { ...machine, ...other, waitSeconds: 0 };
    await expect(run(aws.setting(), preserveInstance, given)).rejects.toThrow(message);
    expect(aws.changes).toEqual([]);
  });

  it.each([
    [
      "that is terminated",
      (aws: SmallMachines) => {
        aws.state = "terminated";
      },
      /has been terminated/,
    ],
    [
      "of no case",
      (aws: SmallMachines) => {
        aws.tags = {};
      },
      /npx ir-kit respond tag i-0123456789abcdef0 --account \d{12} --region \S+ --task evidence --case CASE-/s,
    ],
    [
      "with a volume of no case",
      (aws: SmallMachines) => {
        aws.volumes.push({ id: "vol-00000000000000009", device: "/dev/sdz", goes: true, untagged: true });
      },
      /^vol-00000000000000009 has no tag ir:case: .*ir-kit respond tag vol-00000000000000009 --account/s,
    ],
    [
      "of another case",
      (aws: SmallMachines) => {
        aws.tags = { "ir:case": "CASE-2" };
      },
      /belongs to CASE-2/,
    ],
  ])("refuses an instance %s", async (_, change, message) => {
    const aws = new SmallMachines();
    change(aws);
    await expect(preserve(aws.setting())).rejects.toThrow(message);
    expect(aws.changes).toEqual([]);
  });

  describe("a fault at any call", () => {
    let injected = 0;
    afterAll(() => process.stdout.write(`preserving: ${injected} faults injected\n`));

    const reference = async () => {
      const aws = new SmallMachines();
      const ledger = new MortalLedger();
      const counter = new Saboteur(0, "is denied");
      await preserve(aws.setting({ ledger, between: counter.between }));
      return { calls: counter.calls, ...standing(aws) };
    };

    it.each(faults)("ends the same after a second run: %s", async (fault) => {
      const { calls, ...wanted } = await reference();
      for (let at = 1; at <= calls; at += 1) {
        const aws = new SmallMachines();
        const ledger = new MortalLedger();
        const saboteur = new Saboteur(at, fault);
        ledger.alive = saboteur.alive;
        await preserve(aws.setting({ ledger, between: saboteur.between })).catch(() => undefined);
        ledger.alive = () => undefined;
        if (saboteur.calls >= at) injected += 1;
        const { volumes } = await preserve(aws.setting({ ledger }));
        expect([at, volumes.map(({ state }) => state)]).toEqual([
          at,
          ["preserved", "preserved", "preserved"],
        ]);
        expect([at, standing(aws)]).toEqual([at, wanted]);
        const entries = await standingEntries(ledger);
        expect(entries.map(({ state }) => state)).not.toContain("intended");
        const things = entries.map(({ action, input }) => JSON.stringify([action, input]));
        expect(new Set(things).size).toBe(things.length);
      }
    });

    it("is met by hundreds of runs", () => {
      expect(injected).toBeGreaterThan(300);
    });
  });
});
