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
};

const shared = {
  testEnvironment: "node",
  testRunner: "<rootDir>/test/support/timed-runner.js",
  ...parser,
  moduleNameMapper: {
    "^antlr4-c3$": "<rootDir>/test/support/no-code-completion.ts",
    "^node:child_process$": "<rootDir>/test/support/spawner/child-process.js",
  },
  modulePathIgnorePatterns: ["<rootDir>/.local-aws", "<rootDir>/cdktf.out"],
};

/** Jest runs each once for all projects that name it. */
const organizationTemplate = {
  globalSetup: "<rootDir>/test/e2e/organization-template/global-setup.ts",
  globalTeardown: "<rootDir>/test/e2e/organization-template/global-teardown.ts",
};

const long = "\\.long\\.test\\.ts$";
const patient = "<rootDir>/test/support/patient-timeout.js";

// Of Node 22 and later the SDK would like to be; which Node runs the tests is not what they are about.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** @type {import("jest").Config} */
module.exports = {
  // Some test files wait more than they compute: four of them keep two cores busy.
  maxWorkers: 4,
  // Whoever starts a program is copied for it, and pays for each page that is written afterwards: with 1 GB, up to 5 s of CPU
  // for one program. A worker that has grown is replaced between two files.
  workerIdleMemoryLimit: "400MB",
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  testSequencer: "<rootDir>/test/support/test-sequencer.js",
  reporters: ["default", "<rootDir>/test/support/progress-reporter.js"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/", long],
      setupFilesAfterEnv: ["<rootDir>/test/support/unit-timeout.js"],
    },
    {
      ...shared,
      displayName: "e2e",
      ...organizationTemplate,
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", long],
      setupFilesAfterEnv: [patient],
    },
    {
      ...shared,
      displayName: "long",
      ...organizationTemplate,
      testMatch: ["<rootDir>/test/**/*.long.test.ts"],
      setupFilesAfterEnv: [patient],
    },
  ],
};
