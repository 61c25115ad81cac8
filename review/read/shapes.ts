import table from "../provider-shapes.json";

/** What of a block of the AWS provider's schema decides how a configuration and its plan say the same. */
export interface Shape {
  /** Attributes that the provider sets where a configuration says nothing. */
  readonly computed?: readonly string[];
  /** Attributes that are true or false, and those that are numbers, where a configuration may say texts. */
  readonly flags?: readonly string[];
  readonly numbers?: readonly string[];
  /** Nested blocks by name: lists of blocks by the number of their shape, or a single one. */
  readonly blocks?: Readonly<Record<string, number | { readonly single: number }>>;
}

const { types, shapes } = table as unknown as {
  readonly types: Readonly<Record<string, number>>;
  readonly shapes: readonly Shape[];
};

const none: Shape = {};

export const shapeOf = (type: string): Shape => (Object.hasOwn(types, type) ? shapeAt(types[type]) : none);

export const shapeAt = (index: number | undefined): Shape => shapes[index ?? -1] ?? none;
