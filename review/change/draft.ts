import type { Resource } from "../graph";
import type { PolicyDocument, Statement } from "../policies";
import { everything, type Holder, type HolderKind } from "./holder";

/** A holder while its policies are gathered. */
export class Draft {
  readonly elsewhere: string[] = [];
  readonly boundary: PolicyDocument[] = [];
  boundaryElsewhere: string | undefined;
  private readonly documents: PolicyDocument[] = [];
  private readonly refersTo = new Set<string>();

  constructor(
    private readonly kind: HolderKind,
    private readonly resource: Resource,
  ) {}

  add(carrier: Resource, document: PolicyDocument): void {
    this.documents.push(document);
    const [attribute = ""] = document.at.split(".");
    const isImplied = !Object.hasOwn(carrier.attributes, attribute);
    for (const [at, found] of carrier.references) {
      if (isImplied || at === attribute || at.startsWith(`${attribute}.`)) {
        for (const to of found) this.refersTo.add(to);
      }
    }
  }

  holder(): Holder {
    const statements = statementsIn(this.documents);
    const documents = [...this.documents, ...this.boundary];
    return {
      kind: this.kind,
      resource: this.resource,
      layers: [
        this.kind === "guardrail" ? guarding(statements) : statements,
        ...(this.boundary.length > 0 ? [statementsIn(this.boundary)] : []),
      ],
      elsewhere: [...new Set(this.elsewhere)].sort(),
      boundaryElsewhere: this.boundaryElsewhere,
      boundary: this.boundary.length > 0 ? statementsIn(this.boundary) : undefined,
      unread: documents
        .filter(({ statements: read, isPartlyUnread }) => read === undefined || isPartlyUnread)
        .map(({ at }) => at),
      refersTo: [...this.refersTo].sort(),
    };
  }
}

const statementsIn = (documents: readonly PolicyDocument[]): Statement[] =>
  documents.flatMap(({ statements = [] }) => statements);

/** A guardrail that only denies stands beside one that allows everything. Source: "SCP evaluation" (Organizations). */
const guarding = (statements: readonly Statement[]): Statement[] =>
  statements.some(({ Effect }) => Effect === "Allow") ? [...statements] : [...statements, everything];
