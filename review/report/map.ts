import { addTo } from "../lists";
import { type Severity, severities } from "../rules/terms";
import { html, type Markup } from "./markup";
import type { StackSummary } from "./model";

const mostColumns = 4;
const gap = 14;
const column = 276;
const heading = 30;
const box = 46;

interface Account {
  readonly name: string;
  readonly stacks: readonly StackSummary[];
}

/** A picture of the accounts with their stacks, each colored and named by its gravest finding. */
export function mapOf(stacks: readonly StackSummary[]): Markup {
  const accounts = accountsOf(stacks);
  const columns = Math.max(2, Math.min(mostColumns, accounts.length));
  const bottoms = new Array<number>(columns).fill(gap);
  const placed = accounts.map((account) => {
    const height = heading + account.stacks.length * (box + 6) + 6;
    // The next account goes where there is most room.
    const at = bottoms.indexOf(Math.min(...bottoms));
    const top = bottoms[at] ?? gap;
    bottoms[at] = top + height + gap;
    return { account, left: gap + at * (column + gap), top, height };
  });
  const width = gap + columns * (column + gap);
  const height = Math.max(...bottoms);
  return html`<svg class="map" width="${width}" viewBox="0 0 ${width} ${height}" role="group" aria-label="Accounts and their stacks">
${placed.map(
  ({
    account,
    left,
    top,
    height: tall,
  }) => html`<g><rect class="account" x="${left}" y="${top}" width="${column}" height="${tall}" rx="5"/>
<text class="heading" x="${left + 10}" y="${top + 20}">${account.name}</text>
${account.stacks.map((stack, at) => stackBox(stack, left + 6, top + heading + at * (box + 6)))}</g>
`,
)}</svg>`;
}

function accountsOf(stacks: readonly StackSummary[]): Account[] {
  const accounts = new Map<string, StackSummary[]>();
  for (const stack of stacks) {
    const name = stack.account ? `Account ${stack.account}` : "Account not said";
    addTo(accounts, name, stack);
  }
  return [...accounts]
    .map(([name, here]) => ({ name, stacks: here }))
    .sort((a, b) => b.stacks.length - a.stacks.length);
}

const longestName = 34;
const shortened = (name: string): string =>
  name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;

function stackBox(stack: StackSummary, left: number, top: number): Markup {
  const worst = worstOf(stack);
  const words = stateWords(stack);
  const name = shortened(stack.name);
  return html`<a href="#findings?stack=${encodeURIComponent(stack.name)}">${name === stack.name ? "" : html`<title>${stack.name}</title>`}
<rect class="stack ${worst}" x="${left}" y="${top}" width="${column - 12}" height="${box}" rx="4"/>
<text x="${left + 8}" y="${top + 18}">${name}</text>
<text class="small" x="${left + 8}" y="${top + 36}">${stack.region ? `${stack.region}, ` : ""}${words}</text></a>
`;
}

/** The gravest severity that is open, or how the stack stands without one. */
export const worstOf = ({ failed, cannotTell }: StackSummary): Severity | "unclear" | "fine" =>
  severities.find((severity) => failed[severity] > 0) ?? (cannotTell > 0 ? "unclear" : "fine");

function stateWords({ failed, cannotTell, resources }: StackSummary): string {
  const open = severities.flatMap((severity) =>
    failed[severity] > 0 ? [`${failed[severity]} ${severity}`] : [],
  );
  if (open.length > 0) return open.join(", ");
  return cannotTell > 0 ? `${cannotTell} cannot be told` : `${resources} resources, none fails`;
}
