import { planStacks } from "../../stacks";
import { synthesized } from "../support/landscapes";
import { snapshotCases } from "../support/snapshot-cases";

describe.each(Object.entries(snapshotCases))("the stacks of landscape %s", (_, landscapeOf) => {
  const landscape = landscapeOf();
  const { stack } = synthesized(landscape);
  const plans = planStacks(landscape).stacks;

  it.each(plans.map((plan) => [plan.name, plan] as const))(
    "%s has one provider, in the planned account and region",
    (name, plan) => {
      const { provider } = stack(name);
      expect(Object.keys(provider)).toEqual(["aws"]);
      const [own, ...others] = provider.aws;
      expect(own).not.toHaveProperty("alias");
      // One stack of the other regions looks up a key by its alias in the home region (ADR 18).
      const looksHome = name.startsWith("detection-") && plan.region !== landscape.homeRegion;
      expect(others).toEqual(looksHome ? [{ ...own, alias: "home", region: landscape.homeRegion }] : []);
      expect(provider.aws[0]).toMatchObject({ region: plan.region, allowed_account_ids: [plan.account.id] });
      const assumed =
        plan.account === landscape.accounts.management
          ? undefined
          : [
              {
                role_arn: `arn:aws:iam::${plan.account.id}:role/OrganizationAccountAccessRole`,
                session_name: "aws-ir-kit",
              },
            ];
      expect(provider.aws[0]?.assume_role).toEqual(assumed);
    },
  );

  it.each(plans.map(({ name }) => name))("%s sends no resource elsewhere", (name) => {
    const { resource = {}, data = {} } = stack(name);
    for (const [type, resources] of Object.entries({ ...data, ...resource })) {
      for (const configuration of Object.values(resources)) {
        if (type !== "aws_kms_key" || !(configuration === data.aws_kms_key?.["findings-key"]))
          expect(configuration).not.toHaveProperty("provider");
        // There, and only there, the region is the target of a StackSet and not where the resource lies.
        if (type !== "aws_cloudformation_stack_set_instance")
          expect(configuration).not.toHaveProperty("region");
      }
    }
  });

  it.each(plans.map(({ name }) => name))("%s names no path of this machine and no remote state", (name) => {
    const text = JSON.stringify(stack(name));
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("terraform_remote_state");
    expect(stack(name).terraform).toMatchObject({
      required_providers: { aws: { source: "aws", version: ">= 5.100.0, < 7.0.0" } },
    });
  });
});
