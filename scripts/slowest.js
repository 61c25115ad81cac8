#!/usr/bin/env node
// `npm run test:slowest`: what each test file of the last run has cost; --json gives all of them.
const { readTimes, timesTable } = require("../test/support/file-times.js");

const [option, ...others] = process.argv.slice(2);
const times = option === undefined || option === "--json" ? readTimes() : undefined;

if (others.length > 0 || (option !== undefined && option !== "--json")) {
  const found = process.argv.slice(2).join(" ");
  process.stderr.write(`unknown: ${found}\nusage: npm run test:slowest [-- --json]\n`);
  process.exitCode = 2;
} else if (times === undefined) {
  process.stderr.write("no run of the tests is kept here yet; run: npm test\n");
  process.exitCode = 2;
} else {
  process.stdout.write(option ? `${JSON.stringify(times, undefined, 2)}\n` : timesTable(times));
}
