import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { LockHeld, whileLocked } from "../../../runtime/functions/lock";
import { TableLedger } from "../../../runtime/functions/table-ledger";
import type { Clock } from "../../../runtime/shared/clock";
import type { NewEntry } from "../../../runtime/shared/ledger";
import { clientSettings } from "../../local-aws/clients";
import type { Front } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { describeWithEmulator } from "../../support/with-tools";

const entry: NewEntry = {
  step: "quarantine-principal",
  actor: "arn:aws:states:eu-west-1:222222222222:execution:acme-ir-contain-principal:1",
  account: "555555555555",
  target: "arn:aws:iam::555555555555:user/ann",
  title: "policy attached",
  action: "iam:AttachUserPolicy",
  input: { name: "ann", policyArn: "arn:aws:iam::555555555555:policy/acme-ir/x" },
  before: { attached: false, boundaryArn: null, name: "" },
  undo: { kind: "automatic" },
  intendedAt: "2026-11-25T03:00:00Z",
};

describeWithEmulator("the table of cases", () => {
  let front: Front;
  let documents: DynamoDBDocumentClient;
  const ledger = (caseId = "CASE-1") => new TableLedger(documents, "cases", caseId);

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
    const client = new DynamoDBClient(clientSettings(front));
    await client.send(
      new CreateTableCommand({
        TableName: "cases",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "case", KeyType: "HASH" },
          { AttributeName: "item", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "case", AttributeType: "S" },
          { AttributeName: "item", AttributeType: "S" },
        ],
      }),
    );
    documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  });
  afterAll(() => front.stop());

  describe("as a ledger", () => {
    it("gives back what was intended, settled and noted, as it was", async () => {
      const intended = await ledger().intend(entry);
      expect(intended).toEqual({ ...entry, number: 1, case: "CASE-1", state: "intended" });
      const settlement = {
        state: "done",
        after: { attached: true },
        doneAt: "2026-11-25T03:00:01Z",
      } as const;
      expect(await ledger().settle(1, settlement)).toEqual({ ...intended, ...settlement });
      const note = {
        at: "2026-11-25T03:00:02Z",
        actor: entry.actor,
        kind: "verdict",
        target: entry.target,
        text: "CONTAINED",
      } as const;
      await ledger().note(note);
      expect(await ledger().entries()).toEqual([{ ...intended, ...settlement }]);
      expect(await ledger().notes()).toEqual([note]);
      expect(await ledger("CASE-2").entries()).toEqual([]);
    });

    it("gives every entry a number of its own, however many write at once", async () => {
      const made = await Promise.all(Array.from({ length: 12 }, () => ledger("CASE-3").intend(entry)));
      const numbers = made.map(({ number }) => number).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
      expect((await ledger("CASE-3").entries()).map(({ number }) => number)).toEqual(numbers);
    });

    it("does not let what was done become failed, whoever settles last", async () => {
      const { number } = await ledger("CASE-4").intend(entry);
      const outcomes = ["failed", "done", "failed", "intended", "failed"] as const;
      await Promise.all(outcomes.map((state) => ledger("CASE-4").settle(number, { state })));
      expect((await ledger("CASE-4").entries())[0]?.state).toBe("done");
    });

    it("knows no entry that was never intended", async () => {
      await expect(ledger("CASE-5").settle(1, { state: "done" })).rejects.toThrow("has no entry 1");
    });
  });

  describe("as a lock of the cuts' writer", () => {
    let now = Date.parse("2026-11-25T03:00:00Z");
    const clock: Clock = {
      now: () => new Date(now),
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
    };
    const locked = <T>(holder: string, work: () => Promise<T>) =>
      whileLocked(documents, "cases", clock, holder, work);

    it("lets one in at a time", async () => {
      let inside = 0;
      let most = 0;
      const work = async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      };
      await Promise.all(Array.from({ length: 5 }, (_, index) => locked(`writer-${index}`, work)));
      expect(most).toBe(1);
    });

    it("is given back by a writer that fails", async () => {
      await expect(locked("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
      expect(await locked("b", async () => "in")).toBe("in");
    });

    it("hands on what holders have left, for five minutes", async () => {
      const notes = (holder: string, left?: string) =>
        whileLocked<readonly string[], string>(documents, "cases", clock, holder, async (handed) => {
          if (left !== undefined) handed.leave(left);
          return handed.notes;
        });
      expect(await notes("a", "first")).toEqual([]);
      expect(await notes("b", "second")).toEqual(["first"]);
      now += 299_000;
      expect(await notes("c")).toEqual(["first", "second"]);
      now += 2_000;
      expect(await notes("d")).toEqual([]);
    });

    it("refuses after a while, and is over when its holder has died", async () => {
      await locked("dies", async () => {
        await expect(locked("waits", async () => "in")).rejects.toBeInstanceOf(LockHeld);
        now += 60_000;
        expect(await locked("comes later", async () => "in")).toBe("in");
      });
    });
  });
});
