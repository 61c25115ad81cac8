/** What can't be done as things stand, and what to do in its place; nothing was changed. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}

/** AWS does not know it. */
export const isMissing = (error: unknown): boolean =>
  /^(NoSuchEntity|NoSuchEntityException|InvalidInstanceID\..*)$/.test((error as Error).name);

/** Undefined where AWS knows no such thing; anything else that goes wrong is thrown. */
export async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Why something went wrong, as a ledger or a responder is told. */
export const reason = (error: unknown): string => {
  const { name, message } = error as Error;
  return name === "Error" || name === "NotPossible" ? message : `${name}: ${message}`;
};
