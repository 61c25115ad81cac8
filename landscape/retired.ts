/** A line of the landscape that may say that it is given up. */
type Line = string | { readonly state?: "retired" | undefined };

/** Whether a line says `state: retired`. */
export const isRetired = (line: Line): boolean => typeof line === "object" && line.state === "retired";

/** Name of a region, however its line is written. */
export const regionName = (line: string | { readonly name: string }): string =>
  typeof line === "string" ? line : line.name;
