const { readFileSync } = require("node:fs");
const { default: circus } = require("jest-circus/runner");

/** Linux counts the CPU of processes in ticks, a hundred a second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** CPU, in seconds, of child processes that have ended; 0 where the system does not tell. */
function cpuOfChildren() {
  try {
    const text = readFileSync("/proc/self/stat", "utf8");
    // The name of the program comes second, in brackets, and may hold spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + cpuOfChildren();
}

/** Jest's own runner; the result tells what the file cost, in seconds of CPU (`perfStats.cpu`). */
module.exports = async function timedRunner(...run) {
  const before = cpu();
  const result = await circus(...run);
  return { ...result, perfStats: { ...result.perfStats, cpu: cpu() - before } };
};
