/**
 * Seconds of CPU that a running process has used, or its child processes that have ended; 0 where the system does not
 * tell.
 */
export function processCpu(processId: number | "self", whose: "own" | "children"): number;
