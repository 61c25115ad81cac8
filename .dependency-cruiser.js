/** Imports go one way: landscape ← policies, baseline ← constructs ← stacks ← main.ts; the command line may use all. */
const layer = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: { pathNot: "^test/local-aws/" }, to: { circular: true } },
    layer(
      "landscape-knows-nobody",
      "^landscape/",
      "^(?!landscape/|quotas/|node_modules/)[a-z]+/",
      "the landscape is the ground floor, on the limits of AWS",
    ),
    layer(
      "quotas-know-nobody",
      "^quotas/",
      "^(?!quotas/)[a-z]+/|^main\\.ts$",
      "plain data and what measures it",
    ),
    layer(
      "policies-and-baseline-on-landscape",
      "^(policies|baseline)/",
      "^(constructs|stacks|review|cli|test)/|^runtime/(changes|cuts|workflows)/|^runtime/sweep/(?!needs\\.ts)|^runtime/shared/(?!need\\.ts)|^runtime/steps/[a-z-]+/index\\.ts$|^runtime/functions/(?!needs\\.ts)|^runtime/steps/index\\.ts$|^main\\.ts$",
      "of runtime, only what each step needs",
    ),
    layer(
      "questions-on-landscape",
      "^questions/",
      "^(policies|baseline|constructs|stacks|review|cli|test)/|^runtime/(?!sweep/record\\.ts)|^main\\.ts$",
      "saved questions and tables are plain data; of runtime, what a record of the sweep holds",
    ),
    layer(
      "adoption-on-landscape",
      "^adoption/",
      "^(policies|baseline|constructs|stacks|questions|review|runtime|cli|test)/|^main\\.ts$",
      "facts in, import blocks out",
    ),
    layer(
      "cost-reads-json",
      "^cost/",
      "^(policies|baseline|constructs|stacks|questions|review|runtime|cli|test)/|^main\\.ts$",
      "a model of plain data",
    ),
    layer("constructs-below-stacks", "^constructs/", "^(stacks|review|runtime|cli|test)/|^main\\.ts$"),
    layer(
      "stacks-below-main",
      "^stacks/",
      "^(review|cli|test)/|^runtime/(?!workflows/[a-z-]+-definition\\.ts|workflows/state-machine\\.ts|shared/kit\\.ts|functions/(custody-|findings-|sweep-)?environment\\.ts|sweep/(wanted|needs)\\.ts)|^main\\.ts$",
      "of runtime, only plain data: workflows' definitions, and what a function is told",
    ),
    layer("main-only-synthesizes", "^main\\.ts$", "^(review|runtime|cli|test|policies|baseline|constructs)/"),
    layer(
      "documents-without-cdktf",
      "^(landscape|policies|baseline|review|runtime)/",
      "^node_modules/(cdktf|constructs|@cdktf)/",
    ),
    layer("review-reads-json", "^review/", "^(landscape|constructs|stacks|baseline|runtime|cli|test)/"),
    layer("runtime-stands-alone", "^runtime/", "^(constructs|stacks|baseline|policies|review|cli|test)/"),
    layer(
      "product-without-tests",
      "^(landscape|quotas|policies|baseline|constructs|stacks|review|runtime|cli|main)",
      "^(test|bench|scripts)/",
    ),
    {
      name: "copyleft-stays-in-tests",
      severity: "error",
      comment:
        "AGPL-3.0: an optional companion of one command, loaded when asked; in nothing that is deployed",
      from: { pathNot: "^(test|bench)/|^cli/access/simulate\\.ts$" },
      to: { path: "^node_modules/@cloud-copilot/iam-simulate/" },
    },
    {
      name: "no-development-dependencies",
      severity: "error",
      comment: "what bundles is loaded only where there is no build, and then in a clone",
      from: {
        pathNot: "^(constructs/function-archive|review/rules/standalone)\\.ts$",
        path: "^(landscape|quotas|policies|baseline|constructs|stacks|review|runtime|cli)/|^main\\.ts$",
      },
      to: {
        dependencyTypes: ["npm-dev"],
        dependencyTypesNot: ["type-only"],
        pathNot: "^node_modules/@cloud-copilot/iam-simulate/",
      },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "^node_modules" },
    exclude: { path: "^(node_modules|cdktf\\.out|\\.local-aws)/.*/" },
    includeOnly: {
      path: "^(adoption|landscape|quotas|cost|questions|policies|baseline|constructs|stacks|review|runtime|cli|test|bench|scripts|main\\.ts|node_modules)",
    },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
