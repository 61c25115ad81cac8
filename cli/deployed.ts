import writeFileAtomic from "write-file-atomic";
import { readAdoption } from "../adoption/file";
import { formatProblem, type Landscape } from "../landscape";
import { deployedFile, deployedText, readDeployed } from "../landscape/deployed/file";
import { placed } from "../landscape/deployed/place";
import { backendName } from "../landscape/deployed/record";
import type { Deployed } from "../landscape/deployed/schema";
import type { Finding } from "../landscape/problems";
import { compare, type SynthesisOptions } from "../stacks/synthesize";
import { WrongUse } from "./errors";

/**
 * What the lock file beside a landscape knows.
 *
 * @throws WrongUse for a file that can't be used
 */
export function deployedOrRefuse(file: string): Deployed | undefined {
  const deployed = readDeployed(file);
  if (deployed.ok) return deployed.value;
  throw new WrongUse(deployed.problems.map(formatProblem).join("\n"));
}

/**
 * What a synthesis that is applied has to know beside the landscape, so that it keeps what is given up, and takes over
 * what exists.
 *
 * @throws WrongUse for a lock file that can't be used
 */
export const besideLandscape = (file: string): Required<Pick<SynthesisOptions, "deployed" | "adopted">> => ({
  deployed: deployedOrRefuse(file),
  adopted: readAdoption(file),
});

/**
 * Compares a landscape with its lock file.
 *
 * @throws WrongUse where the landscape has lost what stands
 */
export function refuseLosses(file: string, landscape: Landscape): void {
  const deployed = deployedOrRefuse(file);
  if (!deployed) return;
  refuse(file, compare(landscape, deployed).findings);
}

/**
 * As {@link refuseLosses}, before ids are written into the landscape: a unit that is listed without an id has the one
 * that an earlier run has recorded and could not write any more.
 */
export function refuseLossesBeforeIds(file: string, landscape: Landscape): void {
  const deployed = deployedOrRefuse(file);
  if (!deployed) return;
  const recorded = deployed.organizationalUnits.flatMap(({ path, id, made, state }) =>
    id === undefined || made || state === "retired" ? [] : [[path, id] as const],
  );
  refuse(file, compare(referencing(landscape, new Map(recorded)), deployed).findings);
}

function refuse(file: string, findings: readonly Finding[]): void {
  if (findings.length > 0) throw new WrongUse(placed(file, findings).map(formatProblem).join("\n"));
}

/**
 * Has the lock file know all of a landscape.
 *
 * @param foreign ids by path of units that the landscape lists without an id, and that somebody else has made
 * @returns whether that was news
 * @throws WrongUse where the landscape has lost what stands
 */
export async function recordDeployed(
  file: string,
  landscape: Landscape,
  foreign: ReadonlyMap<string, string> = new Map(),
): Promise<boolean> {
  const deployed = deployedOrRefuse(file);
  const { findings, record } = compare(
    referencing(landscape, foreign),
    deployed && withoutForeign(deployed, foreign),
  );
  refuse(file, findings);
  return writeDeployed(file, record, deployed);
}

/** Has the lock file know that state lies where the landscape says: bootstrap has moved it. */
export async function recordMovedState(file: string, landscape: Landscape): Promise<void> {
  const deployed = deployedOrRefuse(file);
  if (!deployed) return;
  const names = { ...deployed.names, backend: backendName(landscape) };
  await writeDeployed(file, { ...deployed, names }, deployed);
}

/** Writes the lock file where it says something else than before; tells whether it did. */
export async function writeDeployed(
  file: string,
  record: Deployed,
  before: Deployed | undefined,
): Promise<boolean> {
  const text = deployedText(record);
  if (before && text === deployedText(before)) return false;
  await writeFileAtomic(deployedFile(file), text);
  return true;
}

/** A landscape that has the ids of units that somebody else has made. */
const referencing = (landscape: Landscape, foreign: ReadonlyMap<string, string>): Landscape => ({
  ...landscape,
  organizationalUnits: landscape.organizationalUnits.map((unit) => {
    const id = unit.id === undefined ? foreign.get(unit.path) : undefined;
    return id === undefined ? unit : { ...unit, id, created: false };
  }),
});

/** What was to be made and turned out to be somebody else's is not the kit's to destroy. */
const withoutForeign = (deployed: Deployed, foreign: ReadonlyMap<string, string>): Deployed => ({
  ...deployed,
  organizationalUnits: deployed.organizationalUnits.filter(
    ({ path, id }) => id !== undefined || !foreign.has(path),
  ),
});
