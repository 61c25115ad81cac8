import { type Landscape, loadLandscape, type Result } from "../landscape";

/** The landscape, or its problems; what is too long for AWS is among them. */
export async function loadFitting(file: string): Promise<Result<Landscape>> {
  const result = loadLandscape(file);
  if (!result.ok) return result;
  // What documents are made of takes a while to load, and nobody waits for it to be told of a mistake.
  const { tooLong } = await import("../stacks/fit");
  return loadLandscape(file, tooLong);
}
