import { asOnAws, atOnce, type Conditions } from "./conditions";
import { jsonAnswer, parseCall } from "./protocol";
import { StaleReads } from "./stale-reads";

const call = (operation: string, parameters: Readonly<Record<string, string>> = {}, service = "iam") =>
  parseCall({
    method: "POST",
    url: "/",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/${service}/aws4_request`,
    },
    body: Buffer.from(new URLSearchParams({ Action: operation, ...parameters }).toString()),
  });

describe("reads after a change", () => {
  let time: number;
  let state: string;
  let reads: StaleReads;
  const conditions = (): Conditions => ({ ...asOnAws, now: () => time });
  const read = async (account = "1", given = conditions()) =>
    String(
      (
        await reads.through(
          call("GetRole", { RoleName: "a" }),
          async () => ({ account }),
          given,
          async () => jsonAnswer(state),
        )
      ).body,
    );
  const change = (to: string, status = 200) =>
    reads.through(
      call("UpdateRole"),
      async () => ({ account: "1" }),
      conditions(),
      async () => {
        if (status < 400) state = to;
        return jsonAnswer("", status);
      },
    );

  beforeEach(() => {
    time = Date.now();
    state = "before";
    reads = new StaleReads();
  });

  it("tell for some seconds what was before it, and then what is", async () => {
    await read();
    await change("after");
    expect(await read()).toBe('"before"');
    time += 9_999;
    expect(await read()).toBe('"before"');
    time += 1;
    expect(await read()).toBe('"after"');
  });

  it("tell what is, where nobody asked before, in another account, after a refusal, and at once", async () => {
    await change("after");
    expect(await read()).toBe('"after"');
    await change("never", 403);
    expect(await read()).toBe('"after"');
    expect(await read("2")).toBe('"after"');
    expect(await read("1", atOnce)).toBe('"after"');
  });
});
