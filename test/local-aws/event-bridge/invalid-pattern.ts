/** An event pattern that EventBridge does not take, and why. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
}

export const invalid = (why: string): never => {
  throw new InvalidPattern(why);
};
