/**
 * What IAM answers, or nothing where the one that is asked about is gone: several calls go on at once, so that what was
 * listed may have been deleted before it is read.
 */
export async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as Error).name === "NoSuchEntityException") return undefined;
    throw error;
  }
}
