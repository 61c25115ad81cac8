import { type Accepted, accepted, type LossKind } from "./accepted";
import type { Loss } from "./losses";

export interface Verdict {
  /** Losses that nothing accepts. */
  readonly refused: readonly Loss[];
  /** Entries for this release that no loss needs. */
  readonly unused: readonly Accepted[];
}

/**
 * Holds the losses of an upgrade against what is accepted.
 *
 * @param version of the release from which the upgrade comes
 */
export function verdictOn(version: string, losses: readonly Loss[], entries = accepted): Verdict {
  const relevant = entries.filter(({ from }) => from === undefined || from.includes(version));
  return {
    refused: losses.filter((loss) => !relevant.some((entry) => accepts(entry, loss))),
    unused: relevant.filter(
      (entry) => entry.from !== undefined && !losses.some((loss) => accepts(entry, loss)),
    ),
  };
}

const accepts = ({ stack, type, address, kind }: Accepted, loss: Loss): boolean =>
  kind === loss.kind &&
  (type === undefined || type === loss.type) &&
  (stack === undefined || whole(stack, loss.stack)) &&
  (address === undefined || whole(address, loss.address));

const whole = (pattern: RegExp, text: string): boolean => new RegExp(`^(?:${pattern.source})$`).test(text);

const listed = "if nobody loses anything by it, list it in test/upgrades/accepted.ts and say why";

const remedies: Readonly<Record<LossKind, string>> = {
  replaced: `keep the attribute as the release has it (texts: landscape/fixed-texts.ts), or let Terraform pass over it (ignore_changes); ${listed}`,
  destroyed: `where only the address has changed, a \`moved\` block; where it is to stay, a \`removed\` block with destroy = false; ${listed}`,
  forgotten: `where only the address has changed, a \`moved\` block in the place of \`removed\`; ${listed}`,
  "left behind": `keep the stack's name and state file; where it is given up, say in docs/operations.md what its users do; ${listed}`,
};

/** For whoever has changed the kit: what would be lost, why, and what may be done about it. */
export function explain(version: string, refused: readonly Loss[]): string {
  if (refused.length === 0) return "";
  const kinds = [...new Set(refused.map(({ kind }) => kind))];
  return [
    `An upgrade from ${version} would lose ${refused.length} of what stands:`,
    ...refused.map(
      ({ stack, address, kind, because }) => `  ${stack}: ${address} would be ${kind}: ${because}`,
    ),
    "What may be done:",
    ...kinds.map((kind) => `  ${kind}: ${remedies[kind]}`),
  ].join("\n");
}
