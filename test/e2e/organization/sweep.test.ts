import "../../support/promise-with-resolvers";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateVpcCommand,
  DescribeFlowLogsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  GetMemberDetectorsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateMemberDetectorsCommand,
} from "@aws-sdk/client-guardduty";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  ListResolverQueryLogConfigAssociationsCommand,
  Route53ResolverClient,
} from "@aws-sdk/client-route53resolver";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { StateMachine } from "aws-local-stepfunctions";
import { fromLiteralJson } from "../../../constructs/terraform-text";
import type { StateMachine as Definition, State } from "../../../runtime/workflows/state-machine";
import type { Keys } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { expectNoChange } from "./no-change";

/** What the local interpreter of definitions lacks: the list in S3, and executions of their own. */
function withoutDistribution(definition: Definition): unknown {
  const { ItemReader, ToleratedFailurePercentage, ItemProcessor, ...map } = definition.States
    .Sweep as unknown as Record<string, unknown> & { ItemProcessor: { States: unknown; StartAt: string } };
  expect(ItemReader).toBeDefined();
  expect(ToleratedFailurePercentage).toBe(100);
  return {
    ...definition,
    States: {
      ...definition.States,
      Sweep: {
        ...map,
        ItemsPath: "$.list.output.items",
        Iterator: { StartAt: ItemProcessor.StartAt, States: ItemProcessor.States },
      },
    },
  };
}

/** The sweep as it is deployed: its definition by a local interpreter, its functions by their own archives. */
describeOnOrganization((workspaceOf) => {
  describe("the sweep that is deployed", () => {
    let workspace: Workspace;
    let hubKeys: Keys;
    let memberKeys: Keys;
    let member: string;
    let hub: string;

    beforeAll(async () => {
      workspace = workspaceOf();
      const { members, accounts } = workspace.landscape();
      member = members.find(({ name }) => name === "payments-dev")?.id ?? "";
      hub = accounts.security.id ?? "";
      hubKeys = await administrator(workspace, hub);
      memberKeys = await administrator(workspace, member);
    }, minutes);

    const invoke = async (FunctionName: string, event: unknown): Promise<unknown> => {
      const { Payload, FunctionError } = await new LambdaClient(workspace.client(hubKeys)).send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, string>;
      if (FunctionError === undefined) return answer;
      throw Object.assign(new Error(answer.errorMessage), { name: answer.errorType });
    };

    const definition = (): Definition => {
      const stack = JSON.parse(workspace.configuration("sweep")) as {
        resource: { aws_sfn_state_machine: Record<string, { definition: string }> };
      };
      return fromLiteralJson(Object.values(stack.resource.aws_sfn_state_machine)[0]?.definition);
    };

    const list = async (key: string): Promise<unknown[]> => {
      const { Body } = await new S3Client({ ...workspace.client(hubKeys), forcePathStyle: true }).send(
        new GetObjectCommand({ Bucket: `acme-ir-sweeps-${hub}-eu-west-1`, Key: key }),
      );
      return JSON.parse((await Body?.transformToString()) ?? "") as unknown[];
    };

    const run = async (input: unknown): Promise<Record<string, { output: Record<string, unknown> }>> => {
      const handler = async ({
        FunctionName,
        Payload,
      }: {
        FunctionName: string;
        Payload: { input: object };
      }) => {
        const output = (await invoke(FunctionName, {
          input: Payload.input,
        })) as { key?: string };
        return { Payload: output.key === undefined ? output : { ...output, items: await list(output.key) } };
      };
      const tasks = Object.entries(definition().States).filter(([, { Type }]) => Type === "Task");
      const handlers = Object.fromEntries(
        [...tasks.map(([name]) => name), "SweepPlace"].map((name) => [name, handler]),
      );
      const execution = new StateMachine(withoutDistribution(definition()) as never).run(input as never, {
        overrides: { taskResourceLocalHandlers: handlers as never },
        context: { Execution: { Name: "of-the-test", StartTime: new Date().toISOString() } } as never,
      });
      return (await execution.result) as never;
    };

    const record = async (account: string, region: string) =>
      (
        await DynamoDBDocumentClient.from(new DynamoDBClient(workspace.client(hubKeys))).send(
          new GetCommand({ TableName: "acme-ir-sweep", Key: { account, region } }),
        )
      ).Item;

    it(
      "covers a new VPC of a member by the event that tells of it, as the logging spoke and no other role",
      async () => {
        const ec2 = new EC2Client(workspace.client(memberKeys));
        const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.77.0.0/16" }));
        const place = { account: member, region: "eu-west-1" };
        await run({ places: [place] });
        const { FlowLogs } = await ec2.send(
          new DescribeFlowLogsCommand({ Filter: [{ Name: "resource-id", Values: [Vpc?.VpcId ?? ""] }] }),
        );
        expect(FlowLogs).toEqual([
          expect.objectContaining({ TrafficType: "ALL", MaxAggregationInterval: 60 }),
        ]);
        const { SecurityGroups = [] } = await ec2.send(
          new DescribeSecurityGroupsCommand({
            Filters: [
              { Name: "vpc-id", Values: [Vpc?.VpcId ?? ""] },
              { Name: "tag-key", Values: ["ir:isolation"] },
            ],
          }),
        );
        const rules = SecurityGroups.map(({ GroupName, IpPermissions = [], IpPermissionsEgress = [] }) => [
          GroupName,
          IpPermissions.length > 0,
          IpPermissionsEgress.length > 0,
        ]);
        expect(rules).toEqual([["acme-ir-isolation-empty", false, false]]);
        const { ResolverQueryLogConfigAssociations } = await new Route53ResolverClient(
          workspace.client(memberKeys),
        ).send(new ListResolverQueryLogConfigAssociationsCommand({}));
        expect(ResolverQueryLogConfigAssociations?.map(({ ResourceId }) => ResourceId)).toContain(Vpc?.VpcId);
        expect(await record(member, "eu-west-1")).toMatchObject({ ...place, refused: [] });
      },
      2 * minutes,
    );

    it(
      "looks at every account and watched region, the hub's own and the management account too, and counts",
      async () => {
        const { summary } = await run({});
        expect(summary?.output).toMatchObject({
          places: 14,
          UncoveredVpcs: 0,
          RefusedPlaces: 0,
          UnwatchedRegions: 0,
        });
        for (const account of [hub, "111111111111", member]) {
          for (const region of ["eu-west-1", "us-east-1"]) {
            expect(await record(account, region)).toMatchObject({ account, region, refused: [] });
          }
        }
      },
      5 * minutes,
    );

    it(
      "switches off what members of GuardDuty have and the landscape does not want, and takes older accounts in",
      async () => {
        const guardDuty = new GuardDutyClient(workspace.client(hubKeys));
        const { DetectorIds: [DetectorId = ""] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
        const accounts = { DetectorId, AccountIds: [member] };
        await guardDuty.send(
          new UpdateMemberDetectorsCommand({
            ...accounts,
            Features: [
              { Name: "RUNTIME_MONITORING", Status: "ENABLED" },
              { Name: "S3_DATA_EVENTS", Status: "ENABLED" },
            ],
          }),
        );
        await run({ places: [{ account: hub, region: "eu-west-1" }] });
        const { MemberDataSourceConfigurations } = await guardDuty.send(
          new GetMemberDetectorsCommand(accounts),
        );
        const features = MemberDataSourceConfigurations?.[0]?.Features?.map(({ Name, Status }) => [
          Name,
          Status,
        ]);
        expect(Object.fromEntries(features ?? [])).toEqual({
          RUNTIME_MONITORING: "DISABLED",
          S3_DATA_EVENTS: "ENABLED",
        });
        const seen = await record(hub, "eu-west-1");
        expect(seen).toMatchObject({ refused: [] });
        expect(JSON.stringify(seen?.repairs)).toContain(`guardduty RUNTIME_MONITORING of ${member}`);
      },
      2 * minutes,
    );

    it("runs the state machine's steps under the names that its role may call", () => {
      const functions = Object.values(definition().States as Record<string, State>)
        .flatMap((state) => (state.Type === "Task" ? [String(state.Parameters.FunctionName)] : []))
        .map((arn) => arn.split(":").pop());
      expect(functions).toEqual(
        expect.arrayContaining(["acme-ir-step-list-places", "acme-ir-step-summarize-sweep"]),
      );
    });

    it(
      "leaves what Terraform made as it is",
      () => expectNoChange(workspace, ["sweep", "detection-eu-west-1"]),
      2 * minutes,
    );
  });
});
