import "../../support/promise-with-resolvers";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
} from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribePolicyCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { StateMachine } from "aws-local-stepfunctions";
import { fromLiteralJson } from "../../../constructs/terraform-text";
import type { StateMachine as Definition, State, Task } from "../../../runtime/workflows/state-machine";
import { type Keys, newKey } from "../../local-aws/clients";
import { administrator } from "../accounts";
import type { Workspace } from "../workspace";
import { describeOnOrganization, minutes } from "./fork";
import { expectNoChange } from "./no-change";

interface Invoked {
  readonly Payload: unknown;
}

/** What `response` has deployed, run: the definition by a local Step Functions, each function by its own archive. */
describeOnOrganization((workspaceOf) => {
  describe("the response that is deployed", () => {
    let workspace: Workspace;
    let member: IAMClient;
    let lambda: LambdaClient;
    let hubKeys: Keys;
    let account: string;
    const UserName = "stolen-by-workflow";
    let stolen: Keys;

    beforeAll(async () => {
      workspace = workspaceOf();
      const { members, accounts } = workspace.landscape();
      account = members.find(({ name }) => name === "payments-prod")?.id ?? "";
      member = new IAMClient(workspace.client(await administrator(workspace, account)));
      hubKeys = await administrator(workspace, accounts.security.id ?? "");
      lambda = new LambdaClient(workspace.client(hubKeys));
      await member.send(new CreateUserCommand({ UserName }));
      await member.send(
        new AttachUserPolicyCommand({ UserName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
      );
      stolen = await newKey(member, UserName);
    }, minutes);

    const invoke = async (FunctionName: string, event: unknown): Promise<Invoked> => {
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, string>;
      if (FunctionError === undefined) return { Payload: answer };
      throw Object.assign(new Error(answer.errorMessage), { name: answer.errorType });
    };

    /** The definition as Terraform was given it. */
    const definition = (): Definition => {
      const stack = JSON.parse(workspace.configuration("response")) as {
        resource: { aws_sfn_state_machine: Record<string, { definition: string }> };
      };
      return fromLiteralJson(Object.values(stack.resource.aws_sfn_state_machine)[0]?.definition);
    };

    const ledger = async (caseId: string) => {
      const { Items = [] } = await new DynamoDBClient(workspace.client(hubKeys)).send(
        new QueryCommand({
          TableName: "acme-ir-cases",
          KeyConditionExpression: "#case = :case",
          ExpressionAttributeNames: { "#case": "case" },
          ExpressionAttributeValues: { ":case": { S: caseId } },
        }),
      );
      return Items.map(({ value }) => [value?.M?.action?.S, value?.M?.state?.S]);
    };

    it(
      "contains the user of a stolen key by its workflow, with automation's own roles, and keeps a ledger",
      async () => {
        await new STSClient(workspace.client(stolen)).send(new GetCallerIdentityCommand({}));
        const states = Object.entries(definition().States);
        const tasks = states.filter((entry): entry is [string, Task & State] => entry[1].Type === "Task");
        const visited: string[] = [];
        const handlers = Object.fromEntries(
          tasks.map(([name]) => [
            name,
            async ({ FunctionName, Payload }: { FunctionName: string; Payload: unknown }) => {
              visited.push(name);
              return invoke(FunctionName, Payload);
            },
          ]),
        );
        const waits = Object.fromEntries(
          states.filter(([, { Type }]) => Type === "Wait").map(([name]) => [name, 0]),
        );
        const execution = new StateMachine(definition() as never).run(
          { given: { accessKeyId: stolen.accessKeyId }, case: "CASE-7", actor: "execution-of-the-test" },
          { overrides: { taskResourceLocalHandlers: handlers as never, waitTimeOverrides: waits } },
        );
        const output = (await execution.result) as { verified: { output: unknown } };
        expect(output.verified.output).toMatchObject({ verdict: "CONTAINED" });
        expect(visited).toHaveLength(7);
        const { AttachedPolicies } = await member.send(new ListAttachedUserPoliciesCommand({ UserName }));
        expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toContain(
          "acme-ir-quarantine-deny-all",
        );
        const { AccessKeyMetadata } = await member.send(new ListAccessKeysCommand({ UserName }));
        expect(AccessKeyMetadata?.map(({ Status }) => Status)).toEqual(["Inactive"]);
        expect(await ledger("CASE-7")).toEqual([
          ["iam:AttachUserPolicy", "done"],
          ["iam:UpdateAccessKey", "done"],
        ]);
      },
      3 * minutes,
    );

    it(
      "changes nothing twice when it is started again",
      async () => {
        const identified = await invoke("acme-ir-step-identify-principal", {
          case: "CASE-7",
          actor: "execution-of-the-test",
          input: { arn: `arn:aws:iam::${account}:user/${UserName}` },
        });
        const { principal } = identified.Payload as { readonly principal: unknown };
        const { Payload } = await invoke("acme-ir-step-quarantine-principal", {
          case: "CASE-7",
          actor: "execution-of-the-test",
          input: { principal },
        });
        expect(Payload).toMatchObject({ results: [{ outcome: "done" }] });
        expect(await ledger("CASE-7")).toHaveLength(2);
      },
      minutes,
    );

    it(
      "refuses the kit's own, by name and without a change",
      async () => {
        await expect(
          invoke("acme-ir-step-quarantine-principal", {
            case: "CASE-8",
            actor: "execution-of-the-test",
            input: {
              principal: {
                kind: "role",
                account,
                name: "acme-ir-contain",
                path: "/acme-ir/",
                arn: `arn:aws:iam::${account}:role/acme-ir/acme-ir-contain`,
              },
            },
          }),
        ).rejects.toThrow("is the kit's own");
        expect(await ledger("CASE-8")).toEqual([]);
      },
      minutes,
    );

    it(
      "writes a cut into the organization's policy and lifts it, byte by byte as before, and refuses what is none",
      async () => {
        const { organization } = workspace.landscape();
        const organizations = new OrganizationsClient(workspace.client());
        const text = async () =>
          (await organizations.send(new DescribePolicyCommand({ PolicyId: organization.cutPolicyId ?? "" })))
            .Policy?.Content;
        const before = await text();
        const expires = `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 19)}Z`;
        const cut = { kind: "session", expires, userId: "AROAEXAMPLEEXAMPLE12:stolen" };
        const request = { case: "CASE-7", actor: "emergency-1" };
        const { Payload } = await invoke("acme-ir-cuts", { ...request, add: [cut] });
        expect(Payload).toMatchObject({ changed: true, cuts: [cut] });
        expect(JSON.parse((await text()) ?? "").Statement).toEqual([
          {
            Sid: expect.stringMatching(/^Cut/),
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            Condition: { StringEquals: { "aws:userid": "AROAEXAMPLEEXAMPLE12:stolen" } },
          },
        ]);
        await invoke("acme-ir-cuts", { ...request, lift: [cut] });
        expect(await text()).toBe(before);
        await expect(
          invoke("acme-ir-cuts", {
            ...request,
            add: [
              {
                kind: "principal",
                expires,
                arn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
              },
            ],
          }),
        ).rejects.toMatchObject({ name: "NotPossible", message: expect.stringContaining("deploys the kit") });
        await expect(
          invoke("acme-ir-cuts", { ...request, add: [{ ...cut, userId: "*" }] }),
        ).rejects.toMatchObject({ name: "ContractBroken" });
        expect(await text()).toBe(before);
      },
      minutes,
    );

    it(
      "leaves what Terraform made as it is",
      () => expectNoChange(workspace, ["organization", "cases", "response", "guardrails"]),
      2 * minutes,
    );
  });
});
