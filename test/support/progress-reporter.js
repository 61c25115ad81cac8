const path = require("node:path");

const endToEnd = `${path.sep}e2e${path.sep}`;

/**
 * Tells each end-to-end test as it ends: the suite takes minutes, and Jest tells a file only when it is done. Closes
 * with one plain line of counts.
 */
module.exports = class ProgressReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.on("exit", () => {
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
