const path = require("node:path");
const { default: TestSequencer } = require("@jest/test-sequencer");

const organization = path.join("test", "e2e", "organization") + path.sep;
const deployment = path.join(organization, "deploy.test.ts");

/**
 * Puts those tests last that need the deployed organization, which is being deployed meanwhile, and tells the global
 * set-up whether there are any, and whether there are several files at all.
 */
module.exports = class extends TestSequencer {
  async sort(tests) {
    const sorted = [...(await super.sort(tests))];
    const rank = ({ path: file }) => (file.includes(deployment) ? 1 : file.includes(organization) ? 2 : 0);
    process.env.IR_KIT_SEVERAL_TEST_FILES = tests.length > 3 ? "1" : "";
    const ranks = sorted.map(rank);
    process.env.IR_KIT_ORGANIZATION_WANTED = ranks.some((found) => found > 0) ? "1" : "";
    process.env.IR_KIT_ORGANIZATION_REVIEWED = ranks.includes(1) ? "1" : "";
    return [0, 1, 2].flatMap((wanted) => sorted.filter((_, index) => ranks[index] === wanted));
  }
};
