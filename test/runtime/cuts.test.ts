import type { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import fc from "fast-check";
import { simulate } from "../../cli/access/simulate";
import type { Cut } from "../../runtime/cuts/cut";
import { CutsDoNotFit, covers, cutLimit, cutsOf, cutText } from "../../runtime/cuts/document";
import { cutsBy } from "../../runtime/cuts/invoke";
import { mustBeAllowed } from "../../runtime/cuts/request";
import { changeCuts, type Written } from "../../runtime/cuts/writer";
import { kitOf } from "../../stacks/kit";
import { exampleLandscape } from "../support/landscapes";

const now = new Date("2026-11-25T03:00:00Z");
const later = "2026-11-26T03:00:00Z";
const arn = "arn:aws:iam::555555555555:role/payments";
const before = "2026-11-25T02:00:00Z";

const everyKind: readonly Cut[] = [
  { kind: "principal", arn: "arn:aws:iam::555555555555:user/ann", expires: later },
  { kind: "sessions-before", arn, before, expires: later },
  { kind: "session", userId: "AROAEXAMPLEROLEID:i-0123456789abcdef0", expires: later },
  { kind: "source-identity", name: "mallory", before, expires: later },
  { kind: "identity-center-user", id: "94482488-3041-7000-0000-000000000000", before, expires: later },
];

describe("the cuts' policy", () => {
  it("gives back the cuts that it holds, of every kind", () => {
    expect(
      cutsOf(cutText(everyKind, now))
        .map((cut) => JSON.stringify(cut))
        .sort(),
    ).toEqual(everyKind.map((cut) => JSON.stringify(cutsOf(cutText([cut], now))[0])).sort());
    expect(cutsOf(cutText(everyKind, now))).toHaveLength(everyKind.length);
  });

  it("only ever denies, whatever is written into it", () => {
    const cut = fc.constantFrom(...everyKind);
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 12 }), (cuts) => {
        const { Statement } = JSON.parse(cutText(cuts, now)) as { Statement: { Effect: string }[] };
        expect(new Set(Statement.map(({ Effect }) => Effect))).toEqual(new Set(["Deny"]));
      }),
    );
  });

  it("is the same text for the same cuts, in whatever order they came", () => {
    expect(cutText([...everyKind].reverse(), now)).toBe(cutText(everyKind, now));
    expect(cutText([...everyKind, ...everyKind], now)).toBe(cutText(everyKind, now));
  });

  it("lets go what has expired, and denies nobody when nothing is cut", () => {
    const expired = everyKind.map((cut) => ({ ...cut, expires: "2026-11-25T03:00:00Z" }));
    expect(cutsOf(cutText(expired, now))).toEqual([]);
    expect(JSON.parse(cutText([], now))).toMatchObject({ Statement: [{ Sid: "NoCut", Effect: "Deny" }] });
  });

  it("makes room by what has expired, and refuses what does not fit, saying what ends first", () => {
    const many = (count: number, expires: string): Cut[] =>
      Array.from({ length: count }, (_, index) => ({ kind: "principal", arn: `${arn}-${index}`, expires }));
    expect(cutText([...many(100, "2026-11-24T00:00:00Z"), ...everyKind], now).length).toBeLessThan(cutLimit);
    expect(() =>
      cutText([...many(60, later), { ...everyKind[0], expires: "2026-11-25T04:00:00Z" } as Cut], now),
    ).toThrow(CutsDoNotFit);
    expect(() =>
      cutText([...many(60, later), { ...everyKind[0], expires: "2026-11-25T04:00:00Z" } as Cut], now),
    ).toThrow("the first to end does so at 2026-11-25T04:00:00Z");
  });

  it.each<[string, Cut, string]>([
    ["a time that is none", { kind: "principal", arn, expires: "tomorrow" }, "is not a UTC time"],
    [
      "a local time",
      { kind: "sessions-before", arn, before: "2026-11-25T02:00:00+01:00", expires: later },
      "is not a UTC time",
    ],
    [
      "a pattern",
      { kind: "principal", arn: "arn:aws:iam::555555555555:role/*", expires: later },
      "one role or user",
    ],
    [
      "a responder's role",
      { kind: "principal", arn: "arn:aws:iam::555555555555:role/acme-ir/acme-ir-contain", expires: later },
      "the kit's own",
    ],
  ])("takes no cut with %s", (_, cut, message) => {
    expect(() => cutText([cut], now)).toThrow(message);
  });

  it("is refused where somebody else has written into it", () => {
    const foreign = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "Theirs", Effect: "Deny", Action: "s3:*", Resource: "*" }],
    });
    expect(() => cutsOf(foreign)).toThrow(
      "statement Theirs of the cuts' policy is not one that the kit writes",
    );
  });
});

describe("what is cut", () => {
  const allowAll = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const ask = (principal: string, context: Record<string, string>, cuts: readonly Cut[] = everyKind) =>
    simulate({
      principal,
      action: "s3:ListAllMyBuckets",
      resource: "*",
      account: "555555555555",
      context: { "aws:PrincipalArn": principal, ...context },
      identityPolicies: [allowAll],
      serviceControlPolicies: [[allowAll, JSON.parse(cutText(cuts, now))]],
    }).then(({ verdict }) => verdict);
  const issued = (time: string) => ({ "aws:TokenIssueTime": time });

  it.each<[string, string, Record<string, string>, string]>([
    ["a user, with keys that have no time of issue", "arn:aws:iam::555555555555:user/ann", {}, "denied"],
    ["a session that was opened before", arn, issued("2026-11-25T01:59:59Z"), "denied"],
    ["a session that is opened later", arn, issued("2026-11-25T02:00:01Z"), "allowed"],
    [
      "the session of one instance",
      arn,
      { ...issued("2026-11-25T02:30:00Z"), "aws:userid": "AROAEXAMPLEROLEID:i-0123456789abcdef0" },
      "denied",
    ],
    [
      "the session of another instance",
      arn,
      { ...issued("2026-11-25T02:30:00Z"), "aws:userid": "AROAEXAMPLEROLEID:i-0fedcba9876543210" },
      "allowed",
    ],
    [
      "a human in a chain of roles",
      "arn:aws:iam::555555555555:role/other",
      { ...issued("2026-11-25T01:00:00Z"), "aws:SourceIdentity": "mallory" },
      "denied",
    ],
    [
      "an Identity Center user",
      "arn:aws:iam::555555555555:role/other",
      { ...issued("2026-11-25T01:00:00Z"), "identitystore:UserId": "94482488-3041-7000-0000-000000000000" },
      "denied",
    ],
    ["somebody else", "arn:aws:iam::555555555555:role/other", issued("2026-11-25T01:00:00Z"), "allowed"],
  ])("is decided for %s", async (_, principal, context, verdict) => {
    expect(await ask(principal, context)).toBe(verdict);
  });

  it("is nobody where nothing is cut", async () => {
    expect(await ask(arn, issued("2026-11-25T01:00:00Z"), [])).toBe("allowed");
  });
});

/** Organizations with one policy, in memory; what is written can be lost to another writer. */
class OnePolicy extends OrganizationsClient {
  updates = 0;

  constructor(
    public content: string,
    private readonly interfere: (content: string, updates: number) => string = (content) => content,
  ) {
    super({ region: "us-east-1" });
  }

  override send = (async (command: { input: { Content?: string } }) => {
    if (command.input.Content !== undefined) {
      this.updates += 1;
      this.content = this.interfere(command.input.Content, this.updates);
    }
    return { Policy: { Content: this.content } };
  }) as OrganizationsClient["send"];
}

/** Answers with the oldest text, but for the third reading after a change: as if each came from another copy. */
class StalePolicy extends OnePolicy {
  private readings = 0;

  constructor(private readonly oldest: string) {
    super(oldest);
    const { send } = this;
    this.send = (async (command: { input: { Content?: string } }) => {
      this.readings = command.input.Content === undefined ? this.readings + 1 : 0;
      const answer = await send(command as never);
      return this.readings === 0 || this.readings === 3 ? answer : { Policy: { Content: this.oldest } };
    }) as OrganizationsClient["send"];
  }
}

describe("the writer of cuts", () => {
  const writer = (organizations: OnePolicy) => ({ organizations, policyId: "p-1", clock });
  const clock = { now: () => now, sleep: async () => undefined };
  const [first, second] = everyKind as [Cut, Cut];

  it("adds to what is cut already, tells the text before, and does nothing a second time", async () => {
    const policy = new OnePolicy(cutText([first], now));
    const before = policy.content;
    const added = await changeCuts(writer(policy), { add: [second] });
    expect(added).toMatchObject({ changed: true, before, after: policy.content });
    expect(added.cuts).toHaveLength(2);
    expect(await changeCuts(writer(policy), { add: [second] })).toMatchObject({ changed: false });
    expect(policy.updates).toBe(1);
  });

  it("lifts one cut and leaves the others", async () => {
    const policy = new OnePolicy(cutText([first, second], now));
    const { cuts } = await changeCuts(writer(policy), { lift: [first] });
    expect(cuts).toEqual([second]);
  });

  it("tries again when another writer comes between, so that neither cut is lost", async () => {
    const policy = new OnePolicy(cutText([], now), (content, updates) =>
      updates === 1 ? cutText([first], now) : content,
    );
    const { cuts } = await changeCuts(writer(policy), { add: [second] });
    expect(cuts).toHaveLength(2);
  });

  it("loses no cut where AWS still answers with the text from before the one written last", async () => {
    const policy = new StalePolicy(cutText([], now));
    const written: Written[] = [];
    const add = (cut: Cut) =>
      changeCuts(
        { ...writer(policy), written: [...written], remember: (one) => written.push(one) },
        { add: [cut] },
      );
    await add(first);
    const { cuts } = await add(second);
    expect(cuts).toHaveLength(2);
    expect(cutsOf(policy.content)).toHaveLength(2);
    expect(policy.updates).toBe(2);
  });

  it("takes what somebody else has written meanwhile for what stands, whatever was written before", async () => {
    const policy = new OnePolicy(cutText([second], now));
    const written = [{ before: cutText([], now), after: cutText([first], now) }];
    const { cuts } = await changeCuts({ ...writer(policy), written }, { lift: [first] });
    expect(cuts).toEqual([second]);
  });

  it("gives up after three tries, and says so", async () => {
    const policy = new OnePolicy(cutText([], now), () => cutText([first], now));
    await expect(changeCuts(writer(policy), { add: [second] })).rejects.toThrow("another writer");
  });

  it("changes nothing when the cuts do not fit", async () => {
    const policy = new OnePolicy(cutText([], now));
    const many = Array.from(
      { length: 60 },
      (_, index): Cut => ({ kind: "principal", arn: `${arn}-${index}`, expires: later }),
    );
    await expect(changeCuts(writer(policy), { add: many })).rejects.toThrow(CutsDoNotFit);
    expect(policy.updates).toBe(0);
  });

  it("tells what is cut without writing, even where something has expired", async () => {
    const policy = new OnePolicy(
      cutText([{ ...first, expires: "2026-11-25T02:59:00Z" }, second], new Date(0)),
    );
    const { cuts, changed, now: told } = await changeCuts(writer(policy), {});
    expect({ cuts, changed, told }).toEqual({ cuts: [second], changed: false, told: "2026-11-25T03:00:00Z" });
    expect(policy.updates).toBe(0);
  });

  it("leaves one case's cut in force where another case lifts a wider one", async () => {
    const narrow: Cut = { kind: "sessions-before", arn, before, expires: later };
    const wide: Cut = { ...narrow, before: "2026-11-25T02:30:00Z" };
    const policy = new OnePolicy(cutText([narrow], now));
    await changeCuts(writer(policy), { add: [wide] });
    const { cuts } = await changeCuts(writer(policy), { lift: [wide] });
    expect(cuts).toEqual([narrow]);
    expect([covers(wide, narrow), covers(narrow, wide)]).toEqual([true, false]);
  });
});

describe("asking for cuts", () => {
  const failing = (name: string): LambdaClient =>
    ({ send: () => Promise.reject(Object.assign(new Error("no such function"), { name })) }) as never;
  const answering = (FunctionError: string | undefined, answer: unknown): LambdaClient =>
    ({
      send: async () => ({
        ...(FunctionError && { FunctionError }),
        Payload: Buffer.from(answer === undefined ? "" : JSON.stringify(answer)),
      }),
    }) as never;
  const ask = (lambda: LambdaClient) =>
    cutsBy(lambda, "acme-ir-cuts", { case: "CASE-1", actor: "emergency-1" })({});

  it.each(["ResourceNotFoundException", "AccessDeniedException"])(
    "says what to deploy where the writer can't be reached: %s",
    async (name) => {
      await expect(ask(failing(name))).rejects.toMatchObject({
        name: "NotPossible",
        message: expect.stringContaining("stack response"),
      });
    },
  );

  it("hands on the writer's refusal, and tells a failure from it", async () => {
    const refusal = { errorType: "CutsDoNotFit", errorMessage: "60 cuts in force" };
    await expect(ask(answering("Unhandled", refusal))).rejects.toMatchObject({
      name: "NotPossible",
      message: "60 cuts in force",
    });
    const timedOut = { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 30 seconds" };
    await expect(ask(answering("Unhandled", timedOut))).rejects.toThrow("the writer of cuts has failed");
    await expect(ask(answering("Unhandled", undefined))).rejects.toThrow("no reason was given");
  });

  it("refuses deployers, pattern-like names, sessions to come and cuts without end", () => {
    const kit = kitOf(exampleLandscape());
    const request = (cut: Cut) => ({ case: "CASE-1", actor: "emergency-1", add: [cut] });
    const refuse = (cut: Cut) => () => mustBeAllowed(kit, request(cut), now);
    const deployer = "arn:aws:iam::555555555555:role/OrganizationAccountAccessRole";
    expect(refuse({ kind: "principal", arn: deployer, expires: later })).toThrow("deploys the kit");
    expect(refuse({ kind: "principal", arn, expires: "2027-11-25T03:00:00Z" })).toThrow("after 7 days");
    expect(refuse({ kind: "source-identity", name: "ann", before: later, expires: later })).toThrow(
      "is to come",
    );
    expect(refuse({ kind: "sessions-before", arn, before, expires: later })).not.toThrow();
  });
});
