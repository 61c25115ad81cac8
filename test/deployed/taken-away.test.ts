import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";
import { type Landscape, parseLandscape } from "../../landscape";
import type { Deployed, DeployedStack } from "../../landscape/deployed/schema";
import { planStacks } from "../../stacks";
import { givingUp } from "../../stacks/giving-up";
import { compare, LeavesBehind, synthesize, Unrecorded } from "../../stacks/synthesize";
import { deployedOf } from "../support/deployed";
import { exampleText, landscapeOf, type StackJson } from "../support/landscapes";
import { statefulTypes } from "../support/stateful-types";

type Data = Record<string | number, unknown>;
type Place = readonly (string | number)[];

/** The example, in which the kit has made every account and unit. */
function example(): Data {
  const data = parse(exampleText) as Data;
  const { management: _, ...core } = data.accounts as Record<string, Data>;
  const accounts = [...Object.values(core), ...(data.members as Data[])];
  for (const account of accounts) account.create = { email: `${account.name}@example.com` };
  for (const unit of data.organizationalUnits as Data[]) unit.create = true;
  return data;
}

/** Objects that say of each thing by its name whether it is wanted. */
const listsByName = ["", "accounts", "detection", "access", "forensics", "logging"];

/** Places of all items of all lists, of the accounts, and of the parts that may be left out. */
function takeable(value: unknown, at: Place = []): Place[] {
  if (value === null || typeof value !== "object") return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const isList = Array.isArray(value) || listsByName.includes(at.join());
  return entries.flatMap(([key, inner]) => [
    ...(isList ? [[...at, key]] : []),
    ...takeable(inner, [...at, key]),
  ]);
}

const holderOf = (data: Data, at: Place): Data =>
  at.slice(0, -1).reduce<Data>((inner, key) => inner[key] as Data, data);

/** The example without one thing. */
function without(at: Place): string {
  const data = example();
  const holder = holderOf(data, at);
  const last = at[at.length - 1] as string | number;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return stringify(data);
}

/** The example with one thing marked as given up. */
function retired(at: Place): string {
  const data = example();
  const holder = holderOf(data, at);
  const last = at[at.length - 1] as string | number;
  const line = holder[last];
  holder[last] =
    typeof line === "string" ? { name: line, state: "retired" } : { ...(line as Data), state: "retired" };
  return stringify(data);
}

const nameOf = (at: Place): string => {
  const line = holderOf(example(), at)[at[at.length - 1] as string | number];
  return `${at.join(".")} ${JSON.stringify(line)}`.slice(0, 70);
};

/** What of each stack must not go without a word: of AWS's own list of what holds data, users, and places of people. */
type Holding = ReadonlyMap<string, ReadonlySet<string>>;

/** The provider's resources of the services that detect. */
const services = /^aws_(guardduty|securityhub|inspector2|macie2|accessanalyzer)_/;

/** Without them a service is off, and its findings are gone; the others only say how it looks and what is noise. */
const switches =
  /^aws_(guardduty_detector|macie2_account|securityhub_account|inspector2_enabler|\w+_admin_account|\w+_organization_configuration)$/;

const identities = [
  "aws_iam_user",
  "aws_organizations_organizational_unit",
  "aws_cloudformation_stack_set",
  "aws_cloudformation_stack_set_instance",
];

function holdingOf(stack: StackJson): Set<string> {
  return new Set(
    Object.entries(stack.resource ?? {}).flatMap(([type, all]) =>
      statefulTypes.has(type) || identities.includes(type) || switches.test(type)
        ? Object.keys(all).map((id) => `${type}.${id}`)
        : [],
    ),
  );
}

const ofServices = (stack: StackJson): Set<string> =>
  new Set(
    Object.entries(stack.resource ?? {}).flatMap(([type, all]) =>
      services.test(type) ? Object.keys(all).map((id) => `${type}.${id}`) : [],
    ),
  );

interface Synthesis {
  readonly holding: Holding;
  /** Addresses of the services that detect, by stack. */
  readonly services: Holding;
  /** Addresses that Terraform forgets, by stack. */
  readonly removed: Holding;
}

const made = landscapeOf(stringify(example()));
const deployed = deployedOf(made);

/** @param known nothing where there is no lock file */
function synthesis(landscape: Landscape, known: Deployed | null = deployed): Synthesis {
  const folder = mkdtempSync(path.join(tmpdir(), "ir-kit-taken-"));
  try {
    synthesize(landscape, { deployed: known ?? undefined, directory: path.join(folder, "out") });
    const stacks = path.join(folder, "out", "stacks");
    const read = (name: string) =>
      JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")) as StackJson & {
        removed?: { from: string; lifecycle: { destroy: boolean } }[];
      };
    const all = readdirSync(stacks).map((name) => [name, read(name)] as const);
    return {
      holding: new Map(all.map(([name, stack]) => [name, holdingOf(stack)])),
      services: new Map(all.map(([name, stack]) => [name, ofServices(stack)])),
      removed: new Map(
        all.map(([name, { removed = [] }]) => [
          name,
          new Set(removed.filter(({ lifecycle }) => lifecycle.destroy === false).map(({ from }) => from)),
        ]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const findingsOf = (landscape: Landscape) => compare(landscape, deployed).findings;

/** What a plan would destroy, or nobody would manage any more. */
function lost(before: Synthesis, after: Synthesis, what: "holding" | "services" = "holding"): string[] {
  return [...before[what]].flatMap(([stack, addresses]) => {
    const now = after[what].get(stack);
    if (!now) return [`stack ${stack}`];
    return [...addresses].filter((one) => !now.has(one) && !after.removed.get(stack)?.has(one));
  });
}

const places = takeable(example());
const inLists = (...lists: string[]) =>
  places.filter(([list, index]) => lists.includes(String(list)) && index !== undefined);
const lines = inLists("members", "organizationalUnits", "regions");
const named = (all: readonly Place[]) => all.map((at) => [nameOf(at), at] as const);

describe("something taken away from a landscape that was deployed", () => {
  const before = synthesis(made);

  it("is looked for everywhere in the example", () => {
    expect(lines).toHaveLength(10);
    expect(places.length).toBeGreaterThan(40);
  });

  it("would be lost without the lock file", () => {
    const landscape = landscapeOf(without(["members", 0]));
    const after = synthesis(landscape, null);
    expect(lost(before, after)).toEqual(["aws_organizations_account.account_payments_prod"]);
    const elsewhere = synthesis(landscapeOf(without(["regions", 1])), null);
    expect(lost(before, elsewhere)).toEqual(
      expect.arrayContaining(["stack evidence-us-east-1", "stack detection-us-east-1"]),
    );
  });

  it.each(named(places))("is refused, or takes nothing with it: %s", (_, at) => {
    const landscape = parseLandscape("landscape.yaml", without(at));
    if (!landscape.ok) return;
    try {
      expect(lost(before, synthesis(landscape.value))).toEqual([]);
    } catch (error) {
      if (!(error instanceof LeavesBehind)) throw error;
      expect(error.findings.length).toBeGreaterThan(0);
    }
  });

  it.each(named(inLists("members", "regions")))("is refused by its name: %s", (_, at) => {
    const landscape = parseLandscape("landscape.yaml", without(at));
    const line = holderOf(example(), at)[at[1] as number];
    const name = typeof line === "string" ? line : String((line as Data).name);
    const told = landscape.ok ? findingsOf(landscape.value) : landscape.problems;
    expect(told).toContainEqual(expect.objectContaining({ message: expect.stringContaining(name) }));
  });

  it.each(named([...inLists("members", "organizationalUnits"), ...inLists("accounts").slice(1)]))(
    "is refused where it only no longer says create: %s",
    (_, at) => {
      const data = example();
      const line = holderOf(data, at)[at[1] as string] as Data;
      delete line.create;
      expect(findingsOf(landscapeOf(stringify(data)))).toEqual([
        { path: at, message: expect.stringMatching(/no longer says create.*would plan to destroy it/) },
      ]);
    },
  );
});

describe("a service of detection that is left out", () => {
  const before = synthesis(made);
  const leavable = inLists("detection").filter((at) => at.length === 2 && at[1] !== "config");

  it.each(named(leavable))("goes on as it is, and Terraform forgets what it knows of it: %s", (_, at) => {
    const landscape = landscapeOf(without(at));
    expect(findingsOf(landscape)).toEqual([]);
    const after = synthesis(landscape);
    expect(lost(before, after)).toEqual([]);
    expect(lost(before, after, "services")).toEqual([]);
    expect([...after.removed.values()].reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(0);
  });

  it.each(named(leavable))("goes on where others administer it from now on: %s", (_, at) => {
    const data = example();
    holderOf(data, at)[at[1] as string] = { owner: "existing" };
    expect(lost(before, synthesis(landscapeOf(stringify(data))), "services")).toEqual([]);
  });

  it.each([
    ["a lock file of an earlier version", ({ services: _, ...stack }: DeployedStack) => stack],
    [
      "an unknown part of one",
      (stack: DeployedStack) => ({ ...stack, services: stack.services?.slice(0, 1) }),
    ],
  ])("goes on by %s, which does not name all that it has", (_, changed) => {
    const { backend: __, ...names } = deployed.names;
    const earlier = { ...deployed, names, stacks: deployed.stacks.map(changed) } as Deployed;
    const landscape = landscapeOf(without(["detection", "guardDuty"]));
    const { record, findings } = compare(landscape, earlier);
    expect(findings).toEqual([]);
    const after = synthesis(landscape, record);
    expect(lost(before, after, "services")).toEqual([]);
    // And where nothing is recorded in between, unless that is refused.
    expect(() => lost(before, synthesis(landscape, earlier), "services")).toThrow(Unrecorded);
  });

  it("leaves no stack behind where all are left out, and says what to do with what is empty", () => {
    const data = example();
    delete data.detection;
    const text = stringify(data);
    const landscape = landscapeOf(text);
    const told = findingsOf(landscape).map(({ message }) => message);
    // The history of Config lies in a bucket, which is given up by itself.
    expect(told).toEqual([expect.stringContaining("aws_s3_bucket.config-history")]);
    const [given] = givingUp(landscape, planStacks(landscape, [], deployed).stacks, deployed);
    expect(given?.what).toMatch(
      /detection without guardDuty, securityHub, inspector, macie, accessAnalyzer: what is on stays on/,
    );
    expect(given?.steps.at(-1)).toMatch(
      /ir-kit lock --gone administrator-eu-west-1 .*delegation-us-east-1.*: nothing is left in them/,
    );
  });
});

describe("something given up", () => {
  const before = synthesis(made);
  const users = places.filter((at) => at[3] === "users" && at.length === 5);
  const home = "regions.0";

  it.each(named([...lines, ...users].filter((at) => at.join(".") !== home)))(
    "is forgotten or stays, and nothing is destroyed: %s",
    (_, at) => {
      const landscape = landscapeOf(retired(at));
      expect(findingsOf(landscape)).toEqual([]);
      expect(lost(before, synthesis(landscape))).toEqual([]);
    },
  );

  it.each(named([...inLists("members"), ...users]))(
    "is forgotten for good once that is recorded: %s",
    (_, at) => {
      const recorded = deployedOf(landscapeOf(retired(at)), deployed);
      const later = landscapeOf(without(at));
      expect(lost(before, synthesis(later, recorded))).toEqual([]);
      // And so it is when other things are recorded after it.
      expect(lost(before, synthesis(later, deployedOf(later, recorded)))).toEqual([]);
    },
  );
});
