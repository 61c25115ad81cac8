import type { SNSClient } from "@aws-sdk/client-sns";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { EventEnvelope } from "../../../runtime/alarms/finding";
import { type Teller, tellOnce } from "../../../runtime/alarms/tell-once";

const id = "0123456789abcdef0123456789abcdef";
const ofDetector = (account: string) => `arn:aws:guardduty:eu-west-1:${account}:detector/d/finding/${id}`;

const byHub = (label: string, event = "hub-1", time = "2026-11-29T08:00:00Z"): EventEnvelope => ({
  id: event,
  time,
  "detail-type": "Security Hub Findings - Imported",
  detail: {
    findings: [{ Id: ofDetector("555555555555"), Severity: { Label: label }, Title: "Keys are used abroad" }],
  },
});

const byGuardDuty = (severity: number, event = "guardduty-1"): EventEnvelope => ({
  id: event,
  time: "2026-11-29T08:01:00Z",
  "detail-type": "GuardDuty Finding",
  detail: {
    arn: ofDetector("222222222222"),
    severity,
    title: "Keys are used abroad",
    accountId: "555555555555",
  },
});

const byNewHub = (severity: number): EventEnvelope => ({
  id: "ocsf-1",
  time: "2026-11-29T08:02:00Z",
  "detail-type": "Findings Imported V2",
  detail: {
    findings: [
      {
        finding_info: { uid: ofDetector("555555555555"), title: "Keys are used abroad" },
        severity_id: severity,
      },
    ],
  },
});

interface Note {
  readonly severity: number;
  readonly event: string;
}

/** A table that keeps what the conditions of the function let through, and a topic that may fail. */
class Setting {
  readonly notes = new Map<string, Note>();
  readonly messages: string[] = [];
  readonly warnings: string[] = [];
  tableFails = false;
  topicFails = false;

  readonly teller: Teller = {
    documents: {
      send: async (command: { input: never }) => this.table(command),
    } as unknown as DynamoDBDocumentClient,
    sns: {
      send: async ({ input }: { input: { Message: string } }) => {
        if (this.topicFails) throw new Error("the topic is gone");
        this.messages.push(input.Message);
      },
    } as unknown as SNSClient,
    table: "told",
    topicArn: "arn:aws:sns:eu-west-1:222222222222:acme-ir-alarms",
    now: () => new Date("2026-11-29T08:00:00Z"),
    warn: (message) => this.warnings.push(message),
  };

  readonly tell = (event: EventEnvelope) => tellOnce(this.teller, event);

  private table({ input }: { readonly input: Record<string, Record<string, never>> }): void {
    if (this.tableFails) throw new Error("the table is gone");
    const { Item, Key } = input as { Item?: Note & Record<string, string>; Key?: Record<string, string> };
    const { finding, day } = { ...Item, ...Key } as Record<string, string>;
    const known = this.notes.get(`${finding} ${day}`);
    const values = input.ExpressionAttributeValues as unknown as Record<string, never>;
    const mine = known?.event === values[":event"];
    const more = known === undefined || known.severity < (values[":severity"] ?? 0);
    if (Item ? !(more || mine) : !mine) {
      throw Object.assign(new Error("no"), { name: "ConditionalCheckFailedException" });
    }
    if (Item) this.notes.set(`${finding} ${day}`, { severity: Item.severity, event: Item.event });
    else this.notes.delete(`${finding} ${day}`);
  }
}

describe("a finding", () => {
  it("is told once a day, by whichever way and however often it comes", async () => {
    const { tell, messages } = new Setting();
    expect(await tell(byGuardDuty(8))).toBe("told");
    expect(await tell(byHub("HIGH"))).toBe("known");
    expect(await tell(byNewHub(4))).toBe("known");
    expect(await tell(byGuardDuty(8, "guardduty-2"))).toBe("known");
    expect(messages).toEqual([expect.stringMatching(/^HIGH: Keys are used abroad\. Account 555555555555/)]);
    expect(await tell(byHub("HIGH", "hub-2", "2026-11-30T08:00:00Z"))).toBe("told");
  });

  it("is told again when it has become more severe, and not when it has become less", async () => {
    const { tell } = new Setting();
    expect(await tell(byHub("HIGH"))).toBe("told");
    expect(await tell(byHub("CRITICAL", "hub-2"))).toBe("told");
    expect(await tell(byHub("HIGH", "hub-3"))).toBe("known");
  });

  it("is told although the table does not answer", async () => {
    const setting = new Setting();
    setting.tableFails = true;
    expect(await setting.tell(byHub("HIGH"))).toBe("told");
    expect(await setting.tell(byHub("HIGH"))).toBe("told");
    expect(setting.warnings).toEqual([expect.stringContaining("the table is gone"), expect.anything()]);
  });

  it("is not taken for told where nobody could be told: Lambda's next attempt tells it, or the next event", async () => {
    for (const next of [byHub("HIGH"), byGuardDuty(8)]) {
      const setting = new Setting();
      setting.topicFails = true;
      await expect(setting.tell(byHub("HIGH"))).rejects.toThrow("the topic is gone");
      setting.topicFails = false;
      expect(await setting.tell(next)).toBe("told");
    }
  });

  it("is told by the same event again even where the note could not be taken back", async () => {
    const setting = new Setting();
    await setting.tell(byHub("HIGH"));
    expect(await setting.tell(byHub("HIGH"))).toBe("told");
    expect(await setting.tell(byHub("HIGH", "hub-2"))).toBe("known");
  });

  it("is told every time in a shape that nobody knows", async () => {
    const { tell, messages } = new Setting();
    for (const strange of [
      {},
      { detail: null },
      { "detail-type": "GuardDuty Finding", detail: { severity: "8" } },
    ]) {
      expect(await tell(strange)).toBe("told");
      expect(await tell(strange)).toBe("told");
    }
    expect(messages).toHaveLength(6);
    expect(messages[0]).toMatch(/^UNKNOWN: A finding without a title/);
  });

  it.each([
    [byGuardDuty(9.5), "CRITICAL"],
    [byGuardDuty(7), "HIGH"],
    [byGuardDuty(2), "LOW"],
    [byNewHub(6), "FATAL"],
    [byHub("MEDIUM"), "MEDIUM"],
  ])("tells how severe it is, in one scale: %#", async (event, expected) => {
    const { tell, messages } = new Setting();
    await tell(event);
    expect(messages[0]).toMatch(new RegExp(`^${expected}: `));
  });
});
