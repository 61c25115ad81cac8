import { absentTypes } from "./absent-types";
import { everyDocument } from "./documents";
import { typesOf, uncoveredTypes } from "./resource-types";

const permissions = everyDocument().filter(({ kind }) => kind === "permissions");

const key = (action: string, type: string) => `${action} ${type}`;

describe("every resource type that AWS's service reference names for a permitted action", () => {
  /** Those that no statement covers, with the roles whose policy it is. */
  const uncovered = new Map<string, string[]>();
  const permitted = new Set<string>();

  beforeAll(async () => {
    for (const { name, document } of permissions) {
      const actions = new Set(
        document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action = [] }) => Action),
      );
      for (const action of actions) {
        permitted.add(action);
        for (const type of await uncoveredTypes(action, document.Statement)) {
          const id = key(action, type.name);
          uncovered.set(id, [...(uncovered.get(id) ?? []), name]);
        }
      }
    }
  });

  it("is covered by the policy, or its absence is explained", () => {
    const explained = new Set(
      absentTypes.flatMap(({ actions, types }) =>
        actions.flatMap((action) =>
          types === "others"
            ? [...uncovered.keys()].filter((id) => id.startsWith(`${action} `))
            : types.map((type) => key(action, type)),
        ),
      ),
    );
    const unexplained = [...uncovered].filter(([id]) => !explained.has(id));
    expect(unexplained.map(([id, roles]) => `${id}: ${roles.join(", ")}`).sort()).toEqual([]);
  });

  it("is explained only where it is absent", async () => {
    const named = absentTypes.flatMap(({ actions, types }) => actions.map((action) => ({ action, types })));
    expect(named.map(({ action }) => action).filter((action) => !permitted.has(action))).toEqual([]);
    const idle = await Promise.all(
      named.map(async ({ action, types }) => {
        if (types === "others") return [];
        const known = (await typesOf(action)).map(({ name }) => name).filter((name) => types.includes(name));
        return known.length === 0
          ? [`${action} has none of them`]
          : known.map((type) => key(action, type)).filter((id) => !uncovered.has(id));
      }),
    );
    expect(idle.flat()).toEqual([]);
  });

  it("is explained in words, with a source", () => {
    for (const { because, source } of absentTypes) {
      expect(because).toMatch(/ \S.{15,}$/);
      expect(source).toMatch(/^"[^"]{5,}"/);
    }
  });

  it("is absent without being required only, unless AWS's reference is known to be coarse", async () => {
    const required: string[] = [];
    for (const { actions, types, coarse } of absentTypes) {
      if (coarse || types === "others") continue;
      for (const action of actions) {
        const names = (await typesOf(action)).filter((type) => type.required).map(({ name }) => name);
        required.push(...types.filter((type) => names.includes(type)).map((type) => key(action, type)));
      }
    }
    expect(required).toEqual([]);
  });
});
