import { forbidden } from "./forbidden";
import { hub, member, tasks } from "./forbidden/model";
import { decideForAdministrator, decideUnbound, exampleDeployment, kitRole, Tally } from "./setting";

const deployment = exampleDeployment();

const requestOf = (task: (typeof tasks)[number], entry: (typeof forbidden)[number]) => ({
  principal: kitRole(task, member),
  action: entry.action,
  resource: entry.resource,
  account: entry.account,
  ...(entry.context && { context: entry.context }),
});

describe("what a task may never do", () => {
  it("is at least 150 distinct requests, each with a reason", () => {
    expect(forbidden.length).toBeGreaterThanOrEqual(150);
    expect(new Set(forbidden.map(({ action, resource }) => `${action} ${resource}`)).size).toBe(
      forbidden.length,
    );
    for (const { because } of forbidden) expect(because).toMatch(/\S/);
  });

  it("would be allowed to an administrator whom nothing binds: no entry is denied by accident", async () => {
    const denied: string[] = [];
    for (const entry of forbidden) {
      const { verdict, because } = await decideUnbound(requestOf("contain", entry));
      if (verdict !== "allowed") denied.push(`${entry.id}: ${verdict} ${because.join(", ")}`);
    }
    expect(denied).toEqual([]);
  });

  const tally = new Tally();

  it.each(tasks)("stays denied to %s, with AdministratorAccess attached", async (task) => {
    const allowed: string[] = [];
    for (const entry of forbidden) {
      if (entry.tasks !== "all" && !entry.tasks.includes(task)) continue;
      const decision = await decideForAdministrator(deployment, requestOf(task, entry));
      tally.add(decision);
      if (decision.verdict !== "denied" && decision.verdict !== "unmatched") {
        allowed.push(`${entry.id}: ${decision.verdict} by ${decision.because.join(", ")}`);
      }
    }
    expect(allowed).toEqual([]);
  });

  /** What the hub's own account has; there the roles' way into accounts is theirs, and the saved questions. */
  const atHub = forbidden.filter(
    ({ account, action }) => account === member && !/^(sts|athena):/.test(action),
  );

  it.each(tasks)("stays denied to %s in the hub, on what the hub's account has", async (task) => {
    const allowed: string[] = [];
    for (const entry of atHub) {
      if (entry.tasks !== "all" && !entry.tasks.includes(task)) continue;
      const request = JSON.parse(
        JSON.stringify(requestOf(task, entry)).replaceAll(member, hub),
      ) as ReturnType<typeof requestOf>;
      const decision = await decideForAdministrator(deployment, request);
      tally.add(decision);
      if (decision.verdict !== "denied" && decision.verdict !== "unmatched") {
        allowed.push(`${entry.id}: ${decision.verdict} by ${decision.because.join(", ")}`);
      }
    }
    expect(allowed).toEqual([]);
  });

  it("is denied by a layer that an attacker can't take away, which the report names", () => {
    expect(tally.total).toBeGreaterThan(1000);
    expect(tally.toString()).not.toContain("identity");
    process.stdout.write(`forbidden: ${tally.total} decisions: ${tally}\n`);
  });
});
