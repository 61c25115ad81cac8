import { GuardDutyClient } from "@aws-sdk/client-guardduty";
import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { Macie2Client } from "@aws-sdk/client-macie2";
import { classifyMembers, scanMembers, switchPlansOff } from "../../../runtime/sweep/members";

const administrator = "222222222222";
const accounts = Array.from({ length: 120 }, (_, index) => ({
  id: String(300_000_000_000 + index),
  email: `account-${index}@example.com`,
}));

type Call = readonly [name: string, input: Record<string, unknown>];

/** A client whose calls are answered here, and written down. */
function answering<T extends { send: unknown }>(
  client: T,
  answers: Readonly<Record<string, (input: never) => unknown>>,
): { readonly client: T; readonly calls: Call[] } {
  const calls: Call[] = [];
  client.send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: never;
  }) => {
    const name = command.constructor.name.replace(/Command$/, "");
    calls.push([name, command.input]);
    const answer = answers[name];
    if (!answer) throw new Error(`${name} was not expected`);
    return answer(command.input);
  };
  return { client, calls };
}

const settings = { region: "eu-west-1" };

describe("plans of GuardDuty that are switched off", () => {
  const guardDuty = (enabled: (account: string) => boolean, refuses?: string) =>
    answering(new GuardDutyClient(settings), {
      ListDetectors: () => ({ DetectorIds: ["d"] }),
      ListMembers: () => ({ Members: accounts.map(({ id }) => ({ AccountId: id })) }),
      GetMemberDetectors: ({ AccountIds }: { AccountIds: string[] }) => ({
        MemberDataSourceConfigurations: AccountIds.map((AccountId) => ({
          AccountId,
          Features: [
            { Name: "S3_DATA_EVENTS", Status: "ENABLED" },
            { Name: "RUNTIME_MONITORING", Status: enabled(AccountId) ? "ENABLED" : "DISABLED" },
          ],
        })),
      }),
      UpdateMemberDetectors: ({ AccountIds }: { AccountIds: string[] }) => ({
        UnprocessedAccounts: AccountIds.filter((id) => id === refuses).map((AccountId) => ({
          AccountId,
          Result: "the feature is on for all accounts",
        })),
      }),
    });

  it("are switched off where members have them, fifty at a time, and others stay on", async () => {
    const { client, calls } = guardDuty((account) => Number(account) % 2 === 0);
    const { repairs, refused } = await switchPlansOff(client, ["RUNTIME_MONITORING"]);
    expect(refused).toEqual([]);
    expect(repairs).toHaveLength(60);
    expect(repairs[0]).toEqual({
      setting: "guardduty RUNTIME_MONITORING of 300000000000",
      found: "ENABLED",
      made: "DISABLED",
    });
    const updates = calls.filter(([name]) => name === "UpdateMemberDetectors");
    expect(updates).toHaveLength(3);
    for (const [, input] of updates) {
      expect((input.AccountIds as string[]).length).toBeLessThanOrEqual(50);
      expect(input.Features).toEqual([{ Name: "RUNTIME_MONITORING", Status: "DISABLED" }]);
    }
  });

  it("change nothing where no member has them, nor where none is off", async () => {
    const none = guardDuty(() => false);
    expect(await switchPlansOff(none.client, ["RUNTIME_MONITORING"])).toEqual({ repairs: [], refused: [] });
    expect(none.calls.map(([name]) => name)).not.toContain("UpdateMemberDetectors");
    const all = guardDuty(() => true);
    await switchPlansOff(all.client, []);
    expect(all.calls.map(([name]) => name)).toEqual(["ListDetectors"]);
  });

  it("tell what AWS did not do in an answer that is no error", async () => {
    const { client } = guardDuty(() => true, "300000000007");
    const { repairs, refused } = await switchPlansOff(client, ["RUNTIME_MONITORING"]);
    expect(repairs).toHaveLength(119);
    expect(refused).toEqual([
      { what: "RUNTIME_MONITORING of 300000000007", why: "the feature is on for all accounts" },
    ]);
  });
});

describe("accounts that were there before", () => {
  it("become members of Inspector and are scanned, each once", async () => {
    const { client, calls } = answering(new Inspector2Client(settings), {
      ListMembers: () => ({ members: accounts.slice(2).map(({ id }) => ({ accountId: id })) }),
      AssociateMember: () => ({}),
      BatchGetAccountStatus: ({ accountIds }: { accountIds: string[] }) => ({
        failedAccounts: accountIds
          .filter((accountId) => accountId === "300000000009")
          .map((accountId) => ({ accountId, errorMessage: "unknown" })),
        accounts: accountIds.map((accountId) => ({
          accountId,
          resourceState: {
            ec2: { status: "ENABLED" },
            ecr: { status: accountId.endsWith("5") ? "DISABLED" : "ENABLED" },
            lambda: { status: accountId.endsWith("7") ? "ENABLED" : "DISABLED" },
          },
        })),
      }),
      Enable: () => ({ failedAccounts: [{ accountId: "300000000005", errorMessage: "no" }] }),
    });
    const { repairs, refused, deviations } = await scanMembers(
      client,
      [{ id: administrator, email: "a@example.com" }, ...accounts],
      administrator,
      ["EC2", "ECR"],
    );
    const associated = calls
      .filter(([name]) => name === "AssociateMember")
      .map(([, input]) => input.accountId);
    expect(associated).toEqual(["300000000000", "300000000001"]);
    expect(refused).toEqual(
      expect.arrayContaining([
        { what: "inspector of 300000000005", why: "no" },
        { what: "inspector of 300000000009", why: "unknown" },
      ]),
    );
    expect(repairs).toContainEqual({
      setting: "inspector ECR of 300000000015",
      found: "off",
      made: "on",
    });
    // Scans that the landscape does not name go on, and are told of.
    expect(deviations).toContainEqual({
      setting: "inspector LAMBDA of 300000000017",
      found: "on",
      made: "off",
    });
    const looked = calls.filter(([name]) => name === "BatchGetAccountStatus");
    // What a new member scans is looked at by the next sweep.
    expect(JSON.stringify(looked)).not.toContain("300000000001");
    for (const [, input] of calls.filter(([name]) => name === "Enable")) {
      expect(input.accountIds).not.toContain(administrator);
    }
  });

  it("are taken in a hundred at a time, and it is said how many are left", async () => {
    const { client, calls } = answering(new Macie2Client(settings), {
      ListMembers: () => ({ members: [] }),
      CreateMember: () => ({}),
    });
    const { refused } = await classifyMembers(client, accounts, administrator);
    expect(calls.filter(([name]) => name === "CreateMember")).toHaveLength(100);
    expect(refused).toEqual([{ what: "macie membership", why: "20 accounts are left for the next sweep" }]);
  });

  it("become members of Macie with their address, and one that is refused keeps no other out", async () => {
    const { client, calls } = answering(new Macie2Client(settings), {
      ListMembers: () => ({ members: accounts.slice(3).map(({ id }) => ({ accountId: id })) }),
      CreateMember: ({ account }: { account: { accountId: string } }) => {
        if (account.accountId === "300000000001") throw new Error("limit");
        return {};
      },
    });
    const { repairs, refused } = await classifyMembers(client, accounts, administrator);
    expect(
      calls.filter(([name]) => name === "CreateMember").map(([, input]) => input.account),
    ).toContainEqual({
      accountId: "300000000000",
      email: "account-0@example.com",
    });
    expect(repairs).toHaveLength(2);
    expect(refused).toEqual([{ what: "macie membership of 300000000001", why: "Error: limit" }]);
  });
});
