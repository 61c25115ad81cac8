#!/usr/bin/env node
// `npm run test:slowest`: what each test file of the last run has cost; --json gives all of them,
// --record keeps them for the order of later runs.
const { readTimes, recordTimes, timesTable } = require("../test/support/file-times.js");

const [option, ...others] = process.argv.slice(2);
const options = [undefined, "--json", "--record"];
const times = options.includes(option) ? readTimes() : undefined;

if (others.length > 0 || !options.includes(option)) {
  const found = process.argv.slice(2).join(" ");
  process.stderr.write(`unknown: ${found}\nusage: npm run test:slowest [-- --json | --record]\n`);
  process.exitCode = 2;
} else if (times === undefined) {
  process.stderr.write("no run of the tests is kept here yet; run: npm test\n");
  process.exitCode = 2;
} else if (option === "--record") {
  recordTimes(times);
  process.stdout.write("test/file-times.json is written\n");
} else {
  process.stdout.write(option ? `${JSON.stringify(times, undefined, 2)}\n` : timesTable(times));
}
