import type { Landscape } from "../../landscape";
import { exampleLandscape } from "./landscapes";

const member = `  - name: payments-prod
    id: "555555555555"`;

/** Landscapes whose synthesized stacks are kept in test/snapshots, for review of every change. */
export const snapshotCases: Readonly<Record<string, () => Landscape>> = {
  example: () => exampleLandscape(),
  created: () =>
    exampleLandscape(
      [
        'security: { id: "222222222222", name',
        'security: { id: "222222222222", create: { email: security@example.com }, name',
      ],
      [member, `${member}\n    create: { email: payments-prod@example.com }`],
      ["path: sandbox, id: ou-ab12-sandbox01", "path: sandbox, id: ou-ab12-sandbox01, create: true"],
    ),
  direct: () =>
    exampleLandscape(
      ["distribution: stackset", "distribution: direct"],
      ["backend: { type: local }", "backend: { type: s3, account: security }"],
    ),
};

/** Stacks that are kept of each case; those that other cases show already are left out. */
export const snapshotStacks: Readonly<Record<string, readonly string[] | "all">> = {
  example: "all",
  created: ["organization"],
  direct: ["baseline-payments-prod", "baseline-payments-prod-eu-west-1"],
};
