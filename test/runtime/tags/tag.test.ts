import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { tagResources } from "../../../runtime/tags/tag";
import { kitOf } from "../../../stacks/kit";
import { landscape } from "../../proofs/setting";
import { answering, nobody } from "../respond/plugged";
import { awsError } from "../respond/small-aws";

const options = { region: "eu-west-1", credentials: nobody };
const volume = "vol-0123456789abcdef0";
const gone = "i-0123456789abcdef0";

describe("tagging what belongs to a case", () => {
  it("goes on where a machine is not there, and says of what it could not be asked", async () => {
    const tagged: string[] = [];
    const ec2 = answering(new EC2Client(options), (call, input) => {
      if (call === "DescribeInstances") throw awsError("InvalidInstanceID.NotFound", "no such instance");
      const { Resources = [] } = input as { readonly Resources?: readonly string[] };
      if (Resources.includes(gone)) throw awsError("InvalidInstanceID.NotFound", "no such instance");
      tagged.push(...Resources);
      return {};
    });
    const clients = {
      ec2,
      autoScaling: new AutoScalingClient(options),
      iam: new IAMClient(options),
      lambda: new LambdaClient(options),
      loadBalancing: new ElasticLoadBalancingV2Client(options),
      rds: new RDSClient(options),
    };
    const { resources } = await tagResources(
      clients,
      kitOf(landscape),
      { caseId: "CASE-1" },
      { account: "555555555555", region: "eu-west-1", resources: [volume, gone] },
    );
    expect(tagged).toEqual([volume]);
    expect(resources).toEqual([
      {
        resource: `what hangs on ${gone}`,
        outcome: "failed",
        why: expect.stringContaining("no such instance"),
      },
      { resource: volume, outcome: "tagged" },
      { resource: gone, outcome: "failed", why: expect.stringContaining("no such instance") },
    ]);
  });
});
