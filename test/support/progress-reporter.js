/** Tells each end-to-end test as it ends: the suite takes minutes, and Jest tells a file only when it is done. */
module.exports = class ProgressReporter {
  onTestCaseResult(test, { fullName, status, duration, failureMessages }) {
    if (!test.path.includes(`${require("node:path").sep}e2e${require("node:path").sep}`)) return;
    const seconds = ((duration ?? 0) / 1000).toFixed(1);
    process.stderr.write(`${status === "passed" ? "✓" : "✗"} ${fullName} (${seconds} s)\n`);
    for (const message of failureMessages) process.stderr.write(`${message.slice(0, 3000)}\n`);
  }
};
