import { generateKeyPairSync } from "node:crypto";
import { FrontMemory, NotCopied } from "./front-memory";
import { Traffic } from "./traffic";

describe("the front's memory", () => {
  it("is handed on as it is: maps, sets, lists, bytes and dates", () => {
    const memory = new FrontMemory();
    const held = {
      map: new Map([["a", { list: [1, "two", undefined, null] }]]),
      set: new Set(["x"]),
      bytes: Buffer.from("bytes"),
      date: new Date(0),
    };
    memory.part("state", () => held);
    const copy = new FrontMemory(memory.handOn());
    expect(copy.part("state", () => undefined)).toEqual(held);
  });

  it("is a copy: neither sees what the other changes", () => {
    const memory = new FrontMemory();
    const names = memory.part("names", () => new Set(["before"]));
    const copied = new FrontMemory(memory.handOn()).part("names", () => new Set<string>());
    names.add("here");
    copied.add("there");
    expect([[...names], [...copied]]).toEqual([
      ["before", "here"],
      ["before", "there"],
    ]);
  });

  it("begins anew where it says that it is not copied", () => {
    const memory = new FrontMemory();
    const processes = (of: FrontMemory) =>
      of.part("processes", () => new Set<Promise<void>>(), { copied: false });
    processes(memory).add(Promise.resolve());
    expect(processes(new FrontMemory(memory.handOn())).size).toBe(0);
  });

  class Session {
    readonly name = "open";
  }

  it.each<[string, unknown, RegExp]>([
    ["a function", { callback: () => undefined }, /"state\.callback" holds a function/],
    ["a promise", new Set([Promise.resolve()]), /"state: an element" holds a Promise/],
    ["an object of a class", new Map([["first", new Session()]]), /"state: first" holds a Session/],
    ["a key object", [generateKeyPairSync("ed25519").privateKey], /holds a PrivateKeyObject/],
    ["a symbol", [Symbol("of its own")], /holds a symbol/],
  ])("says where it holds %s, and what to do", (_, value, message) => {
    const memory = new FrontMemory();
    memory.part("state", () => value);
    expect(() => memory.handOn()).toThrow(NotCopied);
    expect(() => memory.handOn()).toThrow(message);
    expect(() => memory.handOn()).toThrow("{ copied: false }");
  });
});

describe("traffic", () => {
  const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

  it("pauses between calls, waits for those that call again, and then goes on", async () => {
    const traffic = new Traffic();
    const seen: string[] = [];
    const outer = traffic.through(async () => {
      await later();
      await traffic.through(async () => {
        seen.push("inner");
      });
      seen.push("outer");
    });
    const pause = traffic.pausedFor(async () => {
      seen.push("pause");
      await later();
      seen.push("end of the pause");
    });
    await outer;
    await Promise.all([pause, traffic.through(async () => void seen.push("after"))]);
    expect(seen).toEqual(["inner", "outer", "pause", "end of the pause", "after"]);
  });

  it("goes on after a pause whose work failed", async () => {
    const traffic = new Traffic();
    await expect(traffic.pausedFor(() => Promise.reject(new Error("no fork")))).rejects.toThrow("no fork");
    expect(await traffic.through(async () => "through")).toBe("through");
  });
});
