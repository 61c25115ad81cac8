const { default: TestSequencer } = require("@jest/test-sequencer");
const { expectedSeconds } = require("./file-times.js");
const { needsOrganization, ordered, reviewsDeployment } = require("./test-order.js");

/** Of a file that nobody has recorded. */
const shortSeconds = 5;

/**
 * Orders the files of a run, and tells the global set-up whether there are any that need the deployed organization, and
 * whether there are several files at all.
 */
module.exports = class extends TestSequencer {
  constructor(options) {
    super(options);
    this.workers = options.globalConfig.maxWorkers;
  }

  async sort(tests) {
    process.env.IR_KIT_SEVERAL_TEST_FILES = tests.length > 3 ? "1" : "";
    process.env.IR_KIT_ORGANIZATION_WANTED = tests.some(needsOrganization) ? "1" : "";
    process.env.IR_KIT_ORGANIZATION_REVIEWED = tests.some(reviewsDeployment) ? "1" : "";
    return ordered(await super.sort(tests), {
      secondsOf: ({ path: file }) => expectedSeconds(file) ?? shortSeconds,
      workers: this.workers,
    });
  }
};
