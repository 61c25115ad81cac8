import { inDependencyOrder } from "./lanes";

describe("work in the order of dependencies", () => {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 2));
  const stack = (name: string, ...dependsOn: string[]) => ({ name, dependsOn });

  it("begins a stack when those are done that it depends on, and others meanwhile", async () => {
    const log: string[] = [];
    const stacks = [stack("base"), stack("apart"), stack("middle", "base"), stack("top", "middle", "apart")];
    await inDependencyOrder(stacks, async (name) => {
      log.push(`begin ${name}`);
      await pause();
      log.push(`end ${name}`);
    });
    expect(log.slice(0, 2)).toEqual(["begin base", "begin apart"]);
    for (const { name, dependsOn } of stacks) {
      for (const earlier of dependsOn) {
        expect(log.indexOf(`end ${earlier}`)).toBeLessThan(log.indexOf(`begin ${name}`));
      }
    }
  });

  it("takes what is not in the list as done", async () => {
    const done: string[] = [];
    await inDependencyOrder([stack("alone", "elsewhere")], async (name) => {
      done.push(name);
    });
    expect(done).toEqual(["alone"]);
  });

  it("begins nothing after an error, and waits for what is under way", async () => {
    const ended: string[] = [];
    const work = inDependencyOrder(
      [stack("slow"), stack("broken"), stack("after", "broken")],
      async (name) => {
        if (name === "broken") throw new Error("broken is refused");
        await pause();
        ended.push(name);
      },
    );
    await expect(work).rejects.toThrow("broken is refused");
    expect(ended).toEqual(["slow"]);
  });

  it("tells of stacks that wait for one another", async () => {
    const circle = [stack("one", "two"), stack("two", "one")];
    await expect(inDependencyOrder(circle, pause)).rejects.toThrow("stacks wait for one another: one, two");
  });
});
