import { quarantineDocuments } from "../../../policies/quarantine";
import { utc } from "../../../runtime/shared/clock";
import { principalOfArn } from "../../../runtime/shared/principal";
import type { Setting } from "../../../runtime/shared/setting";
import { run } from "../../../runtime/shared/step";
import { quarantinePrincipal } from "../../../runtime/steps/quarantine-principal";
import { verifyContainment } from "../../../runtime/steps/verify-containment";
import { containPrincipal } from "../../../runtime/workflows/contain-principal";
import type { Between } from "./plugged";
import { awsError, denyAll, SmallAws, type SmallUser, smallSetting } from "./small-aws";

const settingOf = (aws: SmallAws, between?: Between): Setting =>
  smallSetting(aws, { ...(between && { between }) });

/** Each is what another tool got wrong; see the list in the threat model. */
describe("what others got wrong", () => {
  it("a key revoked by time of issue goes on: the deny is unconditional", async () => {
    const document = quarantineDocuments["deny-all"];
    expect(document.Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Action: ["*"], Resource: ["*"] }),
    ]);
    expect(JSON.stringify(document)).not.toContain("Condition");
    const aws = new SmallAws();
    await run(settingOf(aws), quarantinePrincipal, { principal: principalOfArn(aws.arn) });
    expect(aws.user.attached).toContain(denyAll);
  });

  it("a conditional deny under the quarantine's name is told as NOT CONTAINED", async () => {
    const aws = new SmallAws({ keys: [], attached: [denyAll] });
    const conditional = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Deny",
        Action: "*",
        Resource: "*",
        Condition: { DateLessThan: { "aws:TokenIssueTime": "2026-11-25T03:00:00Z" } },
      },
    };
    const setting = settingOf(aws, (name, _, answer) =>
      name === "GetPolicyVersion"
        ? { PolicyVersion: { Document: encodeURIComponent(JSON.stringify(conditional)) } }
        : answer(),
    );
    const { verdict, checks } = await run(setting, verifyContainment, {
      principal: principalOfArn(aws.arn),
      contained: "2026-11-25T03:00:00Z",
    });
    expect(verdict).toBe("NOT CONTAINED");
    expect(checks).toContainEqual(expect.objectContaining({ what: "quarantine", says: "open" }));
  });

  it("the deny comes before any key is switched off, and a key made meanwhile is switched off too", async () => {
    const aws = new SmallAws();
    const setting = settingOf(aws, (name, _, answer) => {
      if (name === "AttachUserPolicy") aws.user.keys.push({ id: "AKIAAAAAAAAAAAAAAAA4", status: "Active" });
      return answer();
    });
    await containPrincipal(setting, principalOfArn(aws.arn));
    expect(aws.changes[0]).toBe("AttachUserPolicy");
    expect(aws.user.keys.map(({ status }) => status)).toEqual(["Inactive", "Inactive", "Inactive"]);
  });

  it("an error in a later step does not undo the containment", async () => {
    const aws = new SmallAws();
    const setting = settingOf(aws, (name, _, answer) => {
      if (/^Update|^List(SSH|Sign|Service)/.test(name)) throw awsError("AccessDenied", "not authorized");
      return answer();
    });
    const { results } = await containPrincipal(setting, principalOfArn(aws.arn));
    expect(results.filter(({ outcome }) => outcome === "failed").length).toBeGreaterThan(3);
    expect(aws.user.attached).toContain(denyAll);
    expect(aws.changes).toEqual(["AttachUserPolicy"]);
  });

  it("a key that can't be deactivated does not keep the others from it", async () => {
    const aws = new SmallAws({
      keys: [
        { id: "AKIAAAAAAAAAAAAAAAA2", status: "Active" },
        { id: "AKIAAAAAAAAAAAAAAAA3", status: "Active" },
      ],
    });
    const setting = settingOf(aws, (name, { AccessKeyId }, answer) => {
      if (name === "UpdateAccessKey" && AccessKeyId === "AKIAAAAAAAAAAAAAAAA2")
        throw awsError("ServiceFailure", "no");
      return answer();
    });
    await containPrincipal(setting, principalOfArn(aws.arn));
    expect(aws.user.keys.map(({ status }) => status)).toEqual(["Active", "Inactive"]);
  });

  it.each<[string, string, Partial<SmallUser>, Between | undefined]>([
    ["an active key", "access keys", { keys: [{ id: "AKIAAAAAAAAAAAAAAAA2", status: "Active" }] }, undefined],
    [
      "a simulation that allows",
      "AWS's simulation",
      { keys: [] },
      (name, _, answer) =>
        name === "SimulatePrincipalPolicy"
          ? {
              EvaluationResults: Array.from({ length: 5 }, () => ({
                EvalActionName: "s3:GetObject",
                EvalDecision: "allowed",
              })),
            }
          : answer(),
    ],
    ["no quarantine", "quarantine", { keys: [], attached: [] }, undefined],
  ])("one open check is enough for NOT CONTAINED: %s", async (_, what, user, between) => {
    const aws = new SmallAws({ attached: [denyAll], ...user });
    const { verdict, checks } = await run(settingOf(aws, between), verifyContainment, {
      principal: principalOfArn(aws.arn),
      contained: "2026-11-25T03:00:00Z",
    });
    expect(verdict).toBe("NOT CONTAINED");
    expect(checks.find((check) => check.what === what)).toMatchObject({ says: "open" });
  });

  it("what could not be asked is neither contained nor open: CANNOT TELL", async () => {
    const aws = new SmallAws({ keys: [], attached: [denyAll] });
    const setting = settingOf(aws, (name, _, answer) => {
      if (name === "SimulatePrincipalPolicy") throw awsError("Throttling", "Rate exceeded");
      return answer();
    });
    const { verdict } = await run(setting, verifyContainment, {
      principal: principalOfArn(aws.arn),
      contained: "2026-11-25T03:00:00Z",
    });
    expect(verdict).toBe("CANNOT TELL");
  });

  it("a call that went through after the containment is told as NOT CONTAINED, whatever the policies say", async () => {
    const aws = new SmallAws({ keys: [], attached: [denyAll] });
    const event = (EventName: string, EventTime: Date, errorCode?: string) => ({
      EventId: `${EventName}-${EventTime.toISOString()}`,
      EventName,
      EventTime,
      CloudTrailEvent: JSON.stringify({
        userIdentity: { type: "IAMUser", arn: aws.arn, accountId: "555555555555" },
        errorCode,
      }),
    });
    const verdictWith = async (...Events: ReturnType<typeof event>[]) => {
      const setting = settingOf(aws, (name, _, answer) => (name === "LookupEvents" ? { Events } : answer()));
      return (
        await run(setting, verifyContainment, {
          principal: principalOfArn(aws.arn),
          contained: "2026-11-25T03:00:00Z",
        })
      ).verdict;
    };
    expect(await verdictWith(event("ListUsers", new Date("2026-11-25T03:05:00Z")))).toBe("NOT CONTAINED");
    expect(await verdictWith(event("ListUsers", new Date("2026-11-25T03:05:00Z"), "AccessDenied"))).toBe(
      "CONTAINED",
    );
    // Within the seconds that IAM takes; and what AWS tells to any key.
    expect(await verdictWith(event("ListUsers", new Date("2026-11-25T03:00:05Z")))).toBe("CONTAINED");
    expect(await verdictWith(event("GetCallerIdentity", new Date("2026-11-25T03:05:00Z")))).toBe("CONTAINED");
  });

  it("local time labelled Z: times are UTC wherever the responder sits", () => {
    expect(utc(new Date("2026-11-25T12:00:00+09:00"))).toBe("2026-11-25T03:00:00Z");
  });
});
