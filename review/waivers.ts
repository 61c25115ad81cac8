import type { Evaluation } from "./evaluate";
import type { Waiver } from "./waiver-file";

export type { Waiver };

export interface Waived {
  readonly evaluations: readonly (Evaluation & { readonly waiver?: Waiver })[];
  /** What is wrong with the waivers themselves. */
  readonly problems: readonly { readonly waiver: Waiver; readonly problem: string }[];
}

/** More than this many resources under one waiver, and nobody has looked at each. */
const broadest = 10;

/**
 * Marks the failures that a waiver covers. One that is expired covers nothing; one that is expired, covers nothing, or
 * covers more than ten resources is a finding itself. Of a stack that is not reviewed nobody can say what it covers.
 *
 * @param today as `2026-01-31`
 */
export function waive(
  evaluations: readonly Evaluation[],
  waivers: readonly Waiver[],
  { today, stacks }: { readonly today: string; readonly stacks: readonly string[] },
): Waived {
  const uses = new Map<Waiver, number>(waivers.map((waiver) => [waiver, 0]));
  const patterns = new Map(waivers.map((waiver) => [waiver, pattern(waiver.resource)]));
  const covers = (waiver: Waiver, { rule, resource }: Evaluation): boolean =>
    waiver.rule === rule.id && patterns.get(waiver)?.test(resource?.id ?? "") === true;
  const marked = evaluations.map((evaluation) => {
    if (evaluation.verdict !== "fail") return evaluation;
    const waiver = waivers.find((candidate) => covers(candidate, evaluation));
    if (!waiver) return evaluation;
    uses.set(waiver, (uses.get(waiver) ?? 0) + 1);
    return waiver.expires < today ? evaluation : { ...evaluation, waiver };
  });
  const problems = [...uses].flatMap(([waiver, count]) => {
    if (waiver.expires < today) return [{ waiver, problem: `expired on ${waiver.expires}` }];
    if (count === 0) {
      const reviewed = stacks.some((stack) => pattern(stackOf(waiver)).test(stack));
      return reviewed ? [{ waiver, problem: "covers nothing that fails" }] : [];
    }
    return count > broadest
      ? [{ waiver, problem: `covers ${count} resources; ${broadest} are the most` }]
      : [];
  });
  return { evaluations: marked, problems };
}

const stackOf = ({ resource }: Waiver): string => resource.slice(0, resource.indexOf("/"));

/** `*` stands for one word of a name, `**` for several of them; neither leaves the stack or the address. */
const pattern = (resource: string): RegExp =>
  new RegExp(
    `^${resource
      .split(/(\*{1,2})/)
      .map((part) =>
        part === "**" ? "[^/]*" : part === "*" ? "[^./-]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
      )
      .join("")}$`,
  );
