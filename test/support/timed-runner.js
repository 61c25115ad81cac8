const { default: circus } = require("jest-circus/runner");
const { processCpu } = require("./process-cpu.js");
const { socketVariable } = require("./spawner/frames.js");
const { startSpawner } = require("./spawner/start.js");

function cpu(spawner) {
  const { user, system } = process.cpuUsage();
  const ended = processCpu("self", "children") + processCpu(spawner, "children");
  return (user + system) / 1e6 + ended;
}

/** Jest's own runner; the result tells what the file cost, in seconds of CPU (`perfStats.cpu`). */
module.exports = async function timedRunner(...run) {
  const spawner = await startSpawner();
  const [, , environment] = run;
  environment.global.process.env[socketVariable] = spawner.socket;
  const before = cpu(spawner.processId);
  const result = await circus(...run);
  return { ...result, perfStats: { ...result.perfStats, cpu: cpu(spawner.processId) - before } };
};
