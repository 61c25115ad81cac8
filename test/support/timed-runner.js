const { default: circus } = require("jest-circus/runner");
const { processCpu } = require("./process-cpu.js");

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + processCpu("self", "children");
}

/** Jest's own runner; the result tells what the file cost, in seconds of CPU (`perfStats.cpu`). */
module.exports = async function timedRunner(...run) {
  const before = cpu();
  const result = await circus(...run);
  return { ...result, perfStats: { ...result.perfStats, cpu: cpu() - before } };
};
