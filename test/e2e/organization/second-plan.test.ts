import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { describeOnOrganization, minutes } from "./fork";
import { expectNoChange } from "./no-change";

describeOnOrganization((workspaceOf) => {
  it(
    "shows no change in a second plan of any stack",
    () => expectNoChange(workspaceOf(), workspaceOf().stackNames()),
    10 * minutes,
  );

  it(
    "is applied by terraform alone, without cdktf",
    async () => {
      const terraform = workspaceOf().terraform("baseline-management-us-east-1");
      expect((await terraform.destroy()).exitCode).toBe(0);
      const cloudformation = new CloudFormationClient(workspaceOf().client(undefined, "us-east-1"));
      const describe = () =>
        cloudformation.send(new DescribeStacksCommand({ StackName: "acme-ir-baseline-regional" }));
      await expect(describe()).rejects.toThrow("does not exist");
      await terraform.apply();
      expect((await describe()).Stacks?.[0]?.StackStatus).toBe("CREATE_COMPLETE");
    },
    2 * minutes,
  );
});
