import { evidenceDefaults, type Forensics, forensicsDefaults, machineDefaults } from "./model";
import type { ForensicsFile } from "./schema/forensics";

/** What the file says of forensics, with defaults in place of what it leaves out. */
export function resolveForensics(file: ForensicsFile, watched: readonly string[]): Forensics {
  const { recovery, ...types } = file.machines ?? {};
  return {
    ...forensicsDefaults,
    ...file,
    evidence: { ...evidenceDefaults, ...file.evidence },
    machines: {
      ...machineDefaults,
      ...types,
      ...(recovery && { recovery: { rootDevice: "/dev/xvda", ...recovery } }),
    },
    tools: file.tools ?? [],
    regions: [...(file.regions ?? watched)].sort(),
  };
}
