import { restGap, stored } from "./routes";

const name = (body: Record<string, unknown>) => body.RestoreTestingPlan as Record<string, unknown>;

export const backupRestoreTesting = restGap({
  id: "backup-restore-testing",
  kind: "answered",
  service: "backup",
  resources: ["aws_backup_restore_testing_plan"],
  because: "the emulator has no restore testing",
  routes: {
    "PUT /restore-testing/plans": ({ store, body, call, account }) => {
      const plan = name(body);
      const RestoreTestingPlanName = String(plan.RestoreTestingPlanName);
      const RestoreTestingPlanArn = `arn:aws:backup:${call.region}:${account}:restore-testing-plan:${RestoreTestingPlanName}`;
      const CreationTime = Date.now() / 1000;
      store.set(RestoreTestingPlanName, { ...plan, RestoreTestingPlanArn, CreationTime });
      return { RestoreTestingPlanName, RestoreTestingPlanArn, CreationTime };
    },
    "GET /restore-testing/plans/{name}": ({ store, path }) => ({
      RestoreTestingPlan: stored(store, path.name ?? ""),
    }),
    "PUT /restore-testing/plans/{name}": ({ store, path, body }) =>
      Object.assign(stored(store, path.name ?? ""), name(body)),
    "DELETE /restore-testing/plans/{name}": ({ store, path }) => {
      store.delete(path.name ?? "");
      return {};
    },
    "GET /tags/{arn+}": ({ path }) =>
      path.arn?.includes(":restore-testing-plan:") ? { Tags: {} } : undefined,
  },
});
