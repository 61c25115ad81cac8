import { DescribeInstancesCommand, DescribeVpcEndpointsCommand, type Instance } from "@aws-sdk/client-ec2";
import type { FrontContext } from "../front";
import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

/** What an agent has to reach. Source: "Improve the security of EC2 instances by using VPC endpoints for Systems Manager". */
const reached = ["ssm", "ssmmessages"] as const;

/** Machines whose agent would be heard of: they run, have a profile, and their network has the endpoints. */
export const ssmManagedInstances: Gap = {
  id: "ssm-managed-instances",
  kind: "answered",
  resources: ["ssm:DescribeInstanceInformation"],
  because: "the emulator's machines run no agent, and it does not list those that would",
  concerns: isCall("ssm", "DescribeInstanceInformation"),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const { Filters = [] } = call.parameters as {
      Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
    };
    const wanted = Filters.find(({ Key }) => Key === "InstanceIds")?.Values;
    const ec2 = context.accounts.ec2(account, call.region);
    const { Reservations = [] } = await ec2.send(
      new DescribeInstancesCommand({ Filters: [{ Name: "instance-state-name", Values: ["running"] }] }),
    );
    const running = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ InstanceId = "", IamInstanceProfile }) =>
        IamInstanceProfile !== undefined && (wanted === undefined || wanted.includes(InstanceId)),
    );
    const heard = await Promise.all(
      running.map(async (machine) =>
        (await reaches(context, account, call.region, machine)) ? [machine] : [],
      ),
    );
    return jsonAnswer({
      InstanceInformationList: heard.flat().map(({ InstanceId }) => ({ InstanceId, PingStatus: "Online" })),
    });
  },
};

async function reaches(
  { accounts }: FrontContext,
  account: string,
  region: string,
  { VpcId = "" }: Instance,
): Promise<boolean> {
  const { VpcEndpoints = [] } = await accounts
    .ec2(account, region)
    .send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }));
  const services = VpcEndpoints.map(({ ServiceName }) => ServiceName);
  return reached.every((service) => services.includes(`com.amazonaws.${region}.${service}`));
}
