import { formatProblem, type Landscape, loadLandscape } from "../landscape";
import { WrongUse } from "./errors";

/**
 * The landscape that a command works on.
 *
 * @throws WrongUse with every problem of the file
 */
export function loadOrRefuse(file: string): Landscape {
  const result = loadLandscape(file);
  if (result.ok) return result.value;
  throw new WrongUse(result.problems.map(formatProblem).join("\n"));
}
