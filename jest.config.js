/** @type {import("jest").Config["transform"]} */
const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    {
      jsc: { target: "es2022", parser: { syntax: "typescript" } },
      module: { type: "commonjs" },
    },
  ],
};

/** The parser of Athena's SQL is written as modules, and what completes a statement in an editor is no use here. */
const parser = {
  transform: {
    ...transform,
    "/node_modules/(dt-sql-parser|antlr4ng)/.+\\.js$": ["@swc/jest", { module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: ["/node_modules/(?!(dt-sql-parser|antlr4ng)/)"],
  moduleNameMapper: { "^antlr4-c3$": "<rootDir>/test/support/no-code-completion.ts" },
};

const shared = {
  testEnvironment: "node",
  ...parser,
  modulePathIgnorePatterns: ["<rootDir>/.local-aws", "<rootDir>/cdktf.out"],
};

// Of Node 22 and later the SDK would like to be; which Node runs the tests is not what they are about.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** @type {import("jest").Config} */
module.exports = {
  maxWorkers: 2,
  testSequencer: "<rootDir>/test/support/test-sequencer.js",
  // The end-to-end tests beside them leave the others little of the two cores.
  testTimeout: 180_000,
  reporters: ["default", "<rootDir>/test/support/progress-reporter.js"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/test/e2e/organization-template/global-setup.ts",
      globalTeardown: "<rootDir>/test/e2e/organization-template/global-teardown.ts",
    },
  ],
};
