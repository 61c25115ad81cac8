import { planRelease } from "../../../runtime/changes/release";
import { principalOfArn, standsApart } from "../../../runtime/shared/principal";
import type { Setting } from "../../../runtime/shared/setting";
import { run } from "../../../runtime/shared/step";
import { listCredentials } from "../../../runtime/steps/list-credentials";
import { verifyContainment } from "../../../runtime/steps/verify-containment";
import { containPrincipal, factsOf } from "../../../runtime/workflows/contain-principal";
import { kitOf } from "../../../stacks/kit";
import { landscape } from "../../proofs/setting";
import { MemoryLedger } from "../../support/memory-ledger";
import type { Between } from "./plugged";
import { awsError, denyAll, SmallAws, smallSetting } from "./small-aws";

const settingOf = (
  aws: SmallAws,
  between?: Between,
  ledger = new MemoryLedger(),
  now = new Date(),
): Setting => smallSetting(aws, { ledger, now, ...(between && { between }) });

const at = (time: string) => new Date(`2026-11-25T${time}Z`);

describe("containment, looked at twice", () => {
  it("a second run asks for every call since the first: one that CloudTrail shows late is not missed", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    const principal = principalOfArn(aws.arn);
    const late = {
      EventId: "1",
      EventName: "CreateUser",
      EventTime: at("03:01:00"),
      CloudTrailEvent: JSON.stringify({ userIdentity: { type: "IAMUser", arn: aws.arn } }),
    };
    await containPrincipal(settingOf(aws, undefined, ledger, at("03:00:00")), principal);
    const shows: Between = (name, _, answer) => (name === "LookupEvents" ? { Events: [late] } : answer());
    const again = settingOf(aws, shows, ledger, at("03:20:00"));
    const { contained } = await containPrincipal(again, principal);
    expect(contained).toBe("2026-11-25T03:00:00Z");
    expect((await run(again, verifyContainment, { principal, contained })).verdict).toBe("NOT CONTAINED");
  });

  it.each([
    ["Client.DryRunOperation", "NOT CONTAINED"],
    ["NoSuchBucketPolicy", "NOT CONTAINED"],
    ["Client.UnauthorizedOperation", "CONTAINED"],
    ["AccessDenied", "CONTAINED"],
    ["ThrottlingException", "CONTAINED"],
  ])("an attacker's call that ends in %s makes it %s", async (errorCode, verdict) => {
    const aws = new SmallAws({ keys: [], attached: [denyAll] });
    const call = {
      EventId: "1",
      EventName: "RunInstances",
      EventTime: at("03:05:00"),
      CloudTrailEvent: JSON.stringify({ userIdentity: { type: "IAMUser", arn: aws.arn }, errorCode }),
    };
    const setting = settingOf(aws, (name, _, answer) =>
      name === "LookupEvents" ? { Events: [call] } : answer(),
    );
    const found = await run(setting, verifyContainment, {
      principal: principalOfArn(aws.arn),
      contained: "2026-11-25T03:00:00Z",
    });
    expect(found.verdict).toBe(verdict);
  });

  it.each([
    "arn:aws:iam::555555555555:user/stacksets-exec-evil",
    "arn:aws:iam::555555555555:user/OrganizationAccountAccessRole",
    "arn:aws:iam::555555555555:role/app/stacksets-exec-evil",
  ])("a name like a deployer's is no shelter: %s", (arn) => {
    expect(standsApart(kitOf(landscape), principalOfArn(arn))).toBeUndefined();
  });

  it.each([
    "arn:aws:iam::555555555555:role/stacksets-exec-0123456789abcdef",
    "arn:aws:iam::555555555555:role/OrganizationAccountAccessRole",
    "arn:aws:iam::555555555555:role/acme-ir/acme-ir-contain",
    "arn:aws:iam::555555555555:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty",
    "arn:aws:iam::555555555555:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef",
  ])("what stands apart is refused with what to do: %s", (arn) => {
    expect(standsApart(kitOf(landscape), principalOfArn(arn))?.length).toBeGreaterThan(60);
  });

  it("a key whose last use can't be asked is deactivated all the same", async () => {
    const setting = settingOf(new SmallAws(), (name, _, answer) => {
      if (name === "GetAccessKeyLastUsed") throw awsError("Throttling", "Rate exceeded");
      return answer();
    });
    const { credentials, unknown } = await run(setting, listCredentials, {
      principal: principalOfArn(new SmallAws().arn),
    });
    expect(credentials.filter(({ kind }) => kind === "access-key")).toHaveLength(2);
    expect(unknown).toEqual([]);
  });

  it("facts that can't be asked keep nobody from containing", async () => {
    const aws = new SmallAws();
    const setting = settingOf(aws, (name, _, answer) => {
      if (/^(List|Lookup|GetAccess|GetLogin|GetRole)/.test(name)) throw awsError("AccessDenied", "no");
      return answer();
    });
    const { unknown } = await factsOf(setting, principalOfArn(aws.arn), new Date(0));
    expect(unknown.length).toBeGreaterThan(4);
  });

  it("a principal that was deleted does not keep the others of the case from being released", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    await containPrincipal(settingOf(aws, undefined, ledger), principalOfArn(aws.arn));
    const gone = settingOf(
      aws,
      () => {
        throw awsError("NoSuchEntityException", "The user with name ann cannot be found.");
      },
      ledger,
    );
    const plan = await planRelease(gone, { reactivate: [], acceptLiveSessions: true });
    expect(plan.filter(({ plan: kind }) => kind === "gone")).toHaveLength(1);
    expect(plan.filter(({ plan: kind }) => kind === "unknown")).toHaveLength(0);
  });

  it("is released without a flag only when no session can live that was opened before", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    await containPrincipal(settingOf(aws, undefined, ledger, at("03:00:00")), principalOfArn(aws.arn));
    const planned = async (now: Date, acceptLiveSessions = false) =>
      (await planRelease(settingOf(aws, undefined, ledger, now), { reactivate: [], acceptLiveSessions }))
        .map(({ plan }) => plan)
        .filter((plan) => plan !== "kept");
    const hours = (count: number) => new Date(at("03:00:00").getTime() + count * 3_600_000);
    expect(await planned(hours(35))).toEqual(["too-early"]);
    expect(await planned(hours(35), true)).toEqual(["undo"]);
    expect(await planned(hours(37))).toEqual(["undo"]);
  });

  it("tells beforehand that a boundary may take the place of the policy, and what is kept of it", async () => {
    const attached = Array.from({ length: 10 }, (_, index) => `arn:aws:iam::aws:policy/Some${index}`);
    const planned = async (aws: SmallAws) => {
      const { results } = await containPrincipal(
        { ...settingOf(aws), dryRun: true },
        principalOfArn(aws.arn),
      );
      expect(aws.changes).toEqual([]);
      return results.filter(({ outcome }) => outcome === "planned").map(({ title }) => title);
    };
    expect(await planned(new SmallAws({ attached }))).toContain("boundary acme-ir-quarantine-deny-all set");
    expect(await planned(new SmallAws())).not.toContain("boundary acme-ir-quarantine-deny-all set");
  });

  it("leaves out what it is told to, by its number", async () => {
    const aws = new SmallAws();
    const ledger = new MemoryLedger();
    await containPrincipal(settingOf(aws, undefined, ledger), principalOfArn(aws.arn));
    const options = { reactivate: [], acceptLiveSessions: true };
    const plan = await planRelease(settingOf(aws, undefined, ledger), { ...options, except: [1] });
    expect(plan.map(({ plan: kind }) => kind)).not.toContain("undo");
    expect(plan.find(({ entry: { number } }) => number === 1)).toMatchObject({ plan: "kept" });
  });

  it("what one responder has found done does not become failed by another's lost call", async () => {
    const ledger = new MemoryLedger();
    const { number } = await ledger.intend({
      ...{
        step: "s",
        actor: "a",
        account: "555555555555",
        target: "t",
        title: "t",
        action: "iam:AttachUserPolicy",
      },
      ...{ input: {}, before: {}, undo: { kind: "automatic" }, intendedAt: "2026-11-25T03:00:00Z" },
    });
    await ledger.settle(number, { state: "done", after: { attached: true } });
    expect((await ledger.settle(number, { state: "failed", why: "throttled" })).state).toBe("done");
    expect((await ledger.settle(number, { state: "undone" })).state).toBe("undone");
  });
});
