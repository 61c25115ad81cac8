import { isMap, isSeq, parseDocument, type YAMLMap } from "yaml";

/**
 * The example landscape as an organization that doesn't exist yet: the emulator gives accounts and units ids of its
 * own, so the example's literal ids go, and `bootstrap` writes real ones. Comments stay.
 */
export function withoutIds(text: string, stateDirectory: string): string {
  const document = parseDocument(text);
  document.deleteIn(["organization", "id"]);
  document.deleteIn(["organization", "rootId"]);
  document.deleteIn(["organization", "cutPolicyId"]);
  for (const unit of maps(document.get("organizationalUnits"))) unit.delete("id");
  const accounts = document.get("accounts");
  if (isMap(accounts)) {
    for (const pair of accounts.items) {
      if (String(pair.key) !== "management" && isMap(pair.value))
        createInstead(pair.value as YAMLMap, String(pair.key));
    }
  }
  for (const member of maps(document.get("members"))) createInstead(member, String(member.get("name")));
  document.setIn(
    ["backend"],
    document.createNode({ type: "local", directory: stateDirectory }, { flow: true }),
  );
  return document.toString({ lineWidth: 0 });
}

const maps = (node: unknown): YAMLMap[] =>
  isSeq(node) ? node.items.filter((item): item is YAMLMap => isMap(item)) : [];

function createInstead(account: YAMLMap, name: string): void {
  account.delete("id");
  account.set("create", { email: `${name.toLowerCase()}@example.com` });
}
