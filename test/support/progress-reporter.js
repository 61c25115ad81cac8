const path = require("node:path");
const { timesTable, writeTimes } = require("./file-times.js");

const endToEnd = `${path.sep}e2e${path.sep}`;

/**
 * Tells each end-to-end test as it ends: the suite takes minutes, and Jest tells a file only when it is done. Keeps
 * what each file has cost for `npm run test:slowest`, and shows it in CI. Closes with one plain line of counts.
 */
module.exports = class ProgressReporter {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
    this.files = [];
  }

  onTestResult({ path: file, context }, { perfStats }) {
    this.files.push({
      file: path.relative(this.rootDir, file).split(path.sep).join("/"),
      project: context.config.displayName?.name ?? "",
      seconds: (perfStats?.runtime ?? 0) / 1000,
      ...(perfStats?.cpu !== undefined && { cpu: perfStats.cpu }),
    });
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const times = { ended: new Date().toISOString(), files: this.files };
    if (this.files.length > 0) writeTimes(times);
    process.on("exit", () => {
      if (process.env.CI && this.files.length > 0) process.stdout.write(timesTable(times));
      process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
    });
  }

  onTestCaseResult(test, { fullName, status, duration, failureMessages }) {
    if (!test.path.includes(endToEnd)) return;
    const seconds = ((duration ?? 0) / 1000).toFixed(1);
    process.stderr.write(`${status === "passed" ? "✓" : "✗"} ${fullName} (${seconds} s)\n`);
    for (const message of failureMessages) process.stderr.write(`${message.slice(0, 3000)}\n`);
  }
};
