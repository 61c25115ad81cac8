import { decide } from "../../cli/access/decide";
import type { Deployment, OrganizationPolicy } from "../../cli/access/deployment";
import type { Decision } from "../../cli/access/simulate";
import type { StandingRole } from "../../cli/access/template";
import type { PolicyDocument, Statement } from "../../policies/document";
import { tasks } from "../../policies/tasks";
import { everyDocument, type NamedDocument } from "./documents";
import { holds, type Probe, probes } from "./probes";
import { exampleDeployment, forensics, hub, kitRole, member } from "./setting";
import { structuralProblems } from "./structure";

const deployment = exampleDeployment();

type Mutation = (document: PolicyDocument) => PolicyDocument;

/** A role that may do other things in the forensics account than in members (ADR 22). */
const apart = (arn: string): boolean =>
  Object.values(tasks).some((task) => task.inForensics && arn === kitRole(task.name, forensics));

/** The same role in another account comes from the same text: a mistake in it would be everywhere. */
function alike(name: string): string[] {
  if (apart(name)) return [name];
  const inMembers = name.includes(":role/acme-ir/") && !name.includes(`:${hub}:`);
  const short = name.slice(name.lastIndexOf(":"));
  return inMembers
    ? [...deployment.principals.keys()].filter(
        (arn) => arn.endsWith(short) && !arn.includes(`:${hub}:`) && !apart(arn),
      )
    : [name];
}

/** A deployment in which a document is changed, wherever it stands; a role's policy is its boundary too. */
function mutated({ name, kind }: NamedDocument, mutate: Mutation): Deployment {
  if (kind === "service control" || kind === "resource control") {
    const policies = deployment.policies.map(
      (policy): OrganizationPolicy =>
        policy.name === name ? { ...policy, document: mutate(policy.document) } : policy,
    );
    return { ...deployment, policies };
  }
  const principals = new Map(deployment.principals);
  for (const arn of alike(name)) {
    const role = principals.get(arn);
    if (role) principals.set(arn, changedRole(role, kind, mutate));
  }
  return { ...deployment, principals };
}

const changedRole = (role: StandingRole, kind: NamedDocument["kind"], mutate: Mutation): StandingRole =>
  kind === "trust"
    ? { ...role, trust: mutate(role.trust) }
    : {
        ...role,
        policies: role.policies.map(mutate),
        ...(role.boundary && { boundary: mutate(role.boundary) }),
      };

/** Probes that a document can decide. */
function concerned({ name, kind }: NamedDocument): readonly Probe[] {
  const names = alike(name);
  if (kind === "permissions") return probes.filter(({ request }) => names.includes(request.principal));
  if (kind === "trust") return probes.filter(({ request }) => names.includes(request.resource));
  return probes.filter(({ expected }) => expected === "refused");
}

/** What decides each probe in the deployment as it is. */
const decisions = new Map<Probe, Decision>();

beforeAll(async () => {
  for (const probe of probes) decisions.set(probe, await decide(deployment, probe.request));
});

/** All of them, those first that a mistake breaks most likely: a break is found as surely, and much sooner. */
const likeliestFirst = (candidates: readonly Probe[], likely: (decision: Decision) => boolean): Probe[] => {
  const isLikely = (probe: Probe) => {
    const decision = decisions.get(probe);
    return decision !== undefined && likely(decision);
  };
  return [...candidates.filter(isLikely), ...candidates.filter((probe) => !isLikely(probe))];
};

async function firstBroken(broken: Deployment, candidates: readonly Probe[]): Promise<string | undefined> {
  for (const probe of candidates) if (!(await holds(broken, probe))) return probe.name;
  return undefined;
}

/** Of members one stands for all; the roles there are the same. */
const documents = everyDocument().filter(({ name, kind }) =>
  kind === "permissions" || kind === "trust"
    ? (kind === "permissions" && apart(name)) ||
      name.includes(`:${member}:`) ||
      name.includes(`:${hub}:`) ||
      name.endsWith(":user/acme-ir/emergency-1")
    : true,
);

/** Roles whose work later issues bring: what they need is not recorded yet. */
const laterWork = /acme-ir-(forwarder|quarantine)$/;

describe("every probe", () => {
  it("comes out as expected", async () => {
    const wrong: string[] = [];
    for (const probe of probes)
      if (!(await holds(deployment, probe))) wrong.push(`${probe.expected}: ${probe.name}`);
    expect(wrong).toEqual([]);
  });
});

describe("every statement is needed", () => {
  let mutations = 0;

  const without =
    (sid: string): Mutation =>
    (document) => ({ ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== sid) });

  it.each(
    documents
      .filter(({ name }) => !laterWork.test(name))
      .map((named) => [`${named.kind} of ${named.name}`, named] as const),
  )("removing any one makes a walkthrough or a proof fail: %s", async (_, named) => {
    const idle: string[] = [];
    for (const statement of named.document.Statement) {
      mutations += 1;
      const candidates = likeliestFirst(concerned(named), ({ because }) => because.includes(statement.Sid));
      const broken = await firstBroken(mutated(named, without(statement.Sid)), candidates);
      if (broken === undefined) idle.push(statement.Sid);
    }
    expect(idle).toEqual([]);
  });

  it("by many mutations", () => {
    expect(mutations).toBeGreaterThan(100);
    process.stdout.write(`minimal: ${mutations} statements removed, each noticed\n`);
  });
});

describe("no document may allow everything", () => {
  let planted = 0;
  let behavior = 0;

  it.each(documents.map((named) => [`${named.kind} of ${named.name}`, named] as const))(
    "planting Allow * makes a proof fail: %s",
    async (_, named) => {
      const allowAll: Statement = {
        Sid: "Planted",
        Effect: "Allow",
        ...(named.kind === "trust" && { Principal: "*" as const }),
        Action: ["*"],
        ...(named.kind !== "trust" && { Resource: ["*"] }),
      };
      const plant: Mutation = (document) => ({ ...document, Statement: [...document.Statement, allowAll] });
      planted += 1;
      const refused = likeliestFirst(
        concerned(named).filter(({ expected }) => expected === "refused"),
        ({ verdict }) => verdict === "unmatched",
      );
      if ((await firstBroken(mutated(named, plant), refused).catch(() => undefined)) !== undefined)
        behavior += 1;
      expect(await structuralProblems({ ...named, document: plant(named.document) })).not.toEqual([]);
      expect(await structuralProblems(named)).toEqual([]);
    },
  );

  it("in every document", () => {
    expect(planted).toBe(documents.length);
    process.stdout.write(
      `allow *: planted in ${planted} documents, each noticed; in ${behavior} by a decision too\n`,
    );
  });
});
