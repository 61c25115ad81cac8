import { type AbsentTypes, absentTypes } from "./absent-types";
import { everyDocument } from "./documents";
import { typesOf, uncoveredTypes } from "./resource-types";

const permissions = everyDocument().filter(({ kind }) => kind === "permissions");

/** Role by what follows the organization's name, action and type. */
const key = (role: string, action: string, type: string) => `${role}: ${action} ${type}`;

const roleOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1).replace(/^acme-ir-/, "");

/** What an entry explains; of an action that takes nearly any type, all that are absent. */
const explainedBy = ({ roles, actions, types }: AbsentTypes, absent: readonly string[]): string[] =>
  roles.flatMap((role) =>
    actions.flatMap((action) =>
      types === "others"
        ? absent.filter((id) => id.startsWith(key(role, action, "")))
        : types.map((type) => key(role, action, type)),
    ),
  );

describe("every resource type that AWS's service reference names for a permitted action", () => {
  /** Those that no statement of a role covers. */
  const uncovered = new Set<string>();
  const permitted = new Set<string>();

  beforeAll(async () => {
    for (const { name, document } of permissions) {
      const actions = new Set(
        document.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action = [] }) => Action),
      );
      for (const action of actions) {
        permitted.add(action);
        for (const type of await uncoveredTypes(action, document.Statement)) {
          uncovered.add(key(roleOf(name), action, type.name));
        }
      }
    }
  });

  it("is covered by the policy of each role, or its absence there is explained", () => {
    const explained = new Set(absentTypes.flatMap((entry) => explainedBy(entry, [...uncovered])));
    expect([...uncovered].filter((id) => !explained.has(id)).sort()).toEqual([]);
  });

  it("is explained only where it is absent", async () => {
    expect(absentTypes.flatMap(({ actions }) => actions).filter((action) => !permitted.has(action))).toEqual(
      [],
    );
    for (const entry of absentTypes) {
      const idle = entry.roles.filter((role) =>
        explainedBy({ ...entry, roles: [role] }, [...uncovered]).every((id) => !uncovered.has(id)),
      );
      expect([entry.because, idle]).toEqual([entry.because, []]);
    }
    const named = absentTypes.flatMap(({ actions, types }) => actions.map((action) => ({ action, types })));
    const unused = await Promise.all(
      named.map(async ({ action, types }) => {
        if (types === "others") return [];
        const known = (await typesOf(action)).map(({ name }) => name).filter((name) => types.includes(name));
        return known.length === 0
          ? [`${action} has none of them`]
          : known
              .map((type) => `${action} ${type}`)
              .filter((id) => ![...uncovered].some((one) => one.endsWith(`: ${id}`)));
      }),
    );
    expect(unused.flat()).toEqual([]);
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
        required.push(...types.filter((type) => names.includes(type)).map((type) => `${action} ${type}`));
      }
    }
    expect(required).toEqual([]);
  });
});
