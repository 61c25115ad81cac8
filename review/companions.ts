import { type Attributes, isUnknown, type Resource, type Value } from "./graph";
import { addTo } from "./lists";
import type { Answer, Question } from "./rules/compile";
import type { CompanionCheck } from "./rules/rule";

/** A companion, and whether it is one of the resource that was asked for. */
export interface Link {
  readonly other: Resource;
  readonly link: "yes" | "unknown";
  readonly matches: Answer;
}

interface Candidate {
  readonly other: Resource;
  readonly matches: Answer;
}

/** The companions that a check asks for, by what they refer to: each is looked at once, not once for each resource. */
export class Companions {
  private readonly byReference = new Map<string, Candidate[]>();
  private readonly byValue = new Map<string, Candidate[]>();
  /** Of which nobody can say whose they are. */
  private readonly unclear: Candidate[] = [];
  private readonly refersBy: readonly string[];

  constructor(
    resources: readonly Resource[],
    private readonly wanted: CompanionCheck["companion"],
    matches: Question,
    private readonly resourceOf: (configured: string) => Resource | undefined,
  ) {
    this.refersBy = [wanted.refersBy].flat();
    for (const other of resources) {
      const candidate = { other, matches: matches(other.attributes) };
      if (candidate.matches !== "no") this.add(candidate);
    }
  }

  private add(candidate: Candidate): void {
    for (const attribute of this.refersBy) {
      const referred = this.referredBy(candidate.other, attribute);
      for (const configured of referred) addTo(this.byReference, configured, candidate);
      const value = candidate.other.attributes[attribute];
      if (value === undefined) continue;
      if (!isUnknown(value)) addTo(this.byValue, JSON.stringify(value), candidate);
      // Where its expression names what stands in AWS, it is theirs, whatever the value will be.
      else if (![...referred].some(isOfAws)) this.unclear.push(candidate);
    }
  }

  /** With what is referred to by way of others, as in `bucket = aws_s3_bucket_versioning.main.bucket`. */
  private referredBy({ references }: Resource, attribute: string): Set<string> {
    const reached = new Set(references.get(attribute));
    for (const configured of reached)
      for (const next of this.resourceOf(configured)?.references.get(attribute) ?? []) reached.add(next);
    return reached;
  }

  /** @param attributes the resource's, as the check takes them */
  of(resource: Resource, attributes: Attributes): Link[] {
    const certain = new Set<Candidate>();
    const referring = this.byReference.get(resource.configured) ?? [];
    for (const candidate of referring) if (sameInstance(candidate.other, resource)) certain.add(candidate);
    for (const value of this.namesIn(attributes)) {
      for (const candidate of this.byValue.get(JSON.stringify(value)) ?? []) {
        if (!referring.includes(candidate)) certain.add(candidate);
      }
    }
    return [
      ...[...certain].map((candidate): Link => ({ ...candidate, link: "yes" })),
      ...this.unclear.map((candidate): Link => ({ ...candidate, link: "unknown" })),
    ];
  }

  private namesIn(attributes: Attributes): Value[] {
    return this.wanted.refersTo.flatMap((name) => attributes[name] ?? []);
  }
}

/** Values of `random_pet` or `terraform_data` may be anybody's name; an id of AWS is that of one resource. */
const isOfAws = (configured: string): boolean => /(?:^|[/.])(?<!data\.)aws_\w+\.[^.]+$/.test(configured);

const keyOf = ({ id, configured }: Resource): string => id.slice(configured.length);

/** Of `count` and `for_each`, the instances with the same key belong together; one without keys serves all. */
export const sameInstance = (a: Resource, b: Resource): boolean =>
  keyOf(a) === "" || keyOf(b) === "" || keyOf(a) === keyOf(b);
