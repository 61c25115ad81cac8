import { createReporter } from "../../cli/reporter";

describe("the reporter", () => {
  let written: string[];

  beforeEach(() => {
    written = [];
    jest.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });

  afterEach(() => jest.restoreAllMocks());

  it.each([
    ["no terminal", { isTTY: false, columns: 80 }],
    ["a terminal of no width", { isTTY: true, columns: 0 }],
  ])("writes plain lines to %s: begin, end, and nothing in between", async (_, stream) => {
    const result = await createReporter(stream).step("work", async (detail) => {
      detail("much detail");
      return 7;
    });
    expect(result).toBe(7);
    expect(written).toEqual(["… work\n", expect.stringMatching(/^✓ work \(\d+\.\d s\)\n$/)]);
  });

  it("tells a failure and passes it on", async () => {
    const failing = createReporter({ isTTY: false, columns: 80 }).step("work", () =>
      Promise.reject(new Error("no")),
    );
    await expect(failing).rejects.toThrow("no");
    expect(written[1]).toMatch(/^✗ work/);
  });
});
