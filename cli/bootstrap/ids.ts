import { readFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import { hasId, type Landscape } from "../../landscape";
import { type Edit, editYaml, Uneditable, writeAtomically } from "../../landscape/edit";
import { accountKey, unitKey } from "../../landscape/names";
import { idOutput } from "../../stacks/organization";
import { Refused, WrongUse } from "../errors";
import type { OrganizationFacts } from "./organization";

/** Ids that bootstrap learned and the landscape lacks. */
export interface Learned {
  readonly organization: OrganizationFacts;
  /** Outputs of the `organization` stack: ids of what it made. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly referencedUnits: ReadonlyMap<string, string>;
}

/**
 * Writes learned ids into the landscape file, comments and order kept.
 *
 * @returns the fields that were written, such as `accounts.security.id`
 */
export function writeIds(file: string, landscape: Landscape, learned: Learned): string[] {
  const text = readFileSync(file, "utf8");
  const edits = editsFor(text, landscape, learned);
  if (edits.length > 0) writeAtomically(file, editYaml(text, edits));
  return edits.filter(({ path }) => path[path.length - 1] !== "create").map(({ path }) => path.join("."));
}

/**
 * Tries the edits before anything is made in AWS, with ids that stand for those to come.
 *
 * @throws WrongUse where the file is written in a way that ids can't be added to
 */
export function checkEditable(file: string, landscape: Landscape): void {
  const text = readFileSync(file, "utf8");
  const everything = new Proxy({}, { get: () => "id" }) as Record<string, string>;
  const learned = {
    organization: { id: "o", rootId: "r", cutPolicyId: "p" },
    outputs: everything,
    referencedUnits: new Map(),
  };
  try {
    editYaml(text, editsFor(text, landscape, learned));
  } catch (error) {
    if (error instanceof Uneditable) throw new WrongUse(`${file}: ${error.message}`);
    throw error;
  }
}

/**
 * Looks for units that the file says the kit makes, and that somebody else has made: with the id beside `create`,
 * Terraform would make another.
 *
 * @throws Refused for the first one
 */
export function refuseForeignUnits(
  file: string,
  { organizationalUnits }: Landscape,
  foreign: ReadonlyMap<string, string>,
): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [index, { path }] of organizationalUnits.entries()) {
    const id = foreign.get(path);
    if (id === undefined || document.getIn(["organizationalUnits", index, "create"]) !== true) continue;
    throw new Refused(
      `organizational unit ${path} says create: true, and ${id} stands there already, made by somebody else: ` +
        `write id: "${id}" in place of create`,
    );
  }
}

const editsFor = (text: string, landscape: Landscape, learned: Learned): Edit[] => [
  ...organizationEdits(landscape, learned),
  ...accountEdits(text, landscape, learned),
  ...unitEdits(landscape, learned),
];

function organizationEdits({ organization }: Landscape, learned: Learned): Edit[] {
  const { cutPolicyId } = learned.organization;
  return [
    ...(organization.cutPolicyId === undefined && cutPolicyId !== undefined
      ? [{ path: ["organization", "cutPolicyId"], value: cutPolicyId }]
      : []),
    ...(organization.rootId === undefined
      ? [{ path: ["organization", "rootId"], value: learned.organization.rootId }]
      : []),
    ...(organization.id === undefined
      ? [{ path: ["organization", "id"], value: learned.organization.id }]
      : []),
  ];
}

function accountEdits(text: string, landscape: Landscape, { outputs }: Learned): Edit[] {
  const core = Object.entries(landscape.accounts).map(([role, account]) => ({
    path: ["accounts", role],
    account,
  }));
  const members = landscape.members.map((account, index) => ({ path: ["members", index], account }));
  const document = parseDocument(text);
  return [...core, ...members].flatMap(({ path, account }) => {
    const id = outputs[idOutput(accountKey(account.name))];
    // A core account that is left out falls to the security account and has no place of its own.
    const written = isMap(document.getIn(path, true));
    return hasId(account) || id === undefined || !written ? [] : [{ path: [...path, "id"], value: id }];
  });
}

function unitEdits(landscape: Landscape, { outputs, referencedUnits }: Learned): Edit[] {
  return landscape.organizationalUnits.flatMap((unit, index) => {
    if (unit.id !== undefined) return [];
    const path = ["organizationalUnits", index];
    const referenced = referencedUnits.get(unit.path);
    if (referenced !== undefined) return [{ path: [...path, "id"], value: referenced }];
    const made = outputs[idOutput(unitKey(unit.path))];
    // `create` says that the kit keeps the unit: without it, the next synthesis would only reference it.
    return made === undefined
      ? []
      : [
          { path: [...path, "id"], value: made },
          { path: [...path, "create"], value: true },
        ];
  });
}
