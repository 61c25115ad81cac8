/** What an upgrade would do to something that stands. */
export type LossKind = "replaced" | "destroyed" | "forgotten" | "left behind";

/** A loss that is accepted, and why nothing that anybody needs is lost. */
export interface Accepted {
  /** Releases from which the upgrade comes; left out, all of them. */
  readonly from?: readonly string[];
  /** Name of the stack, whole. */
  readonly stack?: RegExp;
  /** Type of the resource, whole. */
  readonly type?: string;
  /** Address of the resource, whole: as Terraform has it, and `<address> → <logical id>` inside of a template. */
  readonly address?: RegExp;
  readonly kind: LossKind;
  readonly because: string;
}

/**
 * Everything else that an upgrade would replace, destroy, forget or leave behind is refused, whatever it is: a list of
 * what is precious would lack what nobody has thought of.
 */
export const accepted: readonly Accepted[] = [
  {
    type: "aws_athena_named_query",
    kind: "replaced",
    because:
      "the provider updates no saved query in place; a query holds nothing but its text, which the kit writes again",
  },
  {
    from: ["0.1.0"],
    stack: /baseline/,
    type: "aws_cloudformation_stack_set_instance",
    kind: "forgotten",
    because:
      "the instances of all units were one address; each unit has its own now, and takes over what stands: AWS leaves out what is there already (ADR 28)",
  },
  {
    from: ["0.1.0"],
    stack: /baseline|baseline-.+/,
    address: /.+ → (Collect(Live|Memory)(Linux|Windows)|HandIn(Linux|Windows)|Config(Role|Recorder|Channel))/,
    kind: "destroyed",
    because:
      "documents and the recorder of AWS Config have StackSets and stacks of their own since then: made again under the same names after the old ones went, minutes apart; a recorder that is deleted loses nothing that it has recorded (ADR 28)",
  },
];
