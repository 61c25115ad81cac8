export { defaultLandscapePath, landscapePath, loadLandscape, parseLandscape } from "./load";
export * from "./model";
export type { Partition, PartitionName, Region } from "./partitions";
export { formatProblem, type Problem, type Result } from "./problems";
