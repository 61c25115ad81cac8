import {
  AttachUserPolicyCommand,
  CreateUserCommand,
  GetPolicyCommand,
  IAMClient,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { assumeRole, clientSettings, newKey } from "./clients";
import type { Front } from "./front";
import { KeptReads } from "./kept-reads";
import { startLocalAws } from "./local-aws";

type Call = (args: { readonly input: object }) => Promise<unknown>;
type Middleware = (next: Call, context: { readonly commandName?: string }) => Call;

/** A client that has nothing but the middleware it is given. */
function clientOf(reads: KeptReads, service: string, answer: () => Promise<unknown>) {
  let middleware: Middleware | undefined;
  reads.serve(service, `${service} 111111111111`, {
    middlewareStack: {
      add: (added: Middleware) => {
        middleware = added;
      },
    },
  });
  return (commandName: string, input = {}) => middleware?.(answer, { commandName })({ input });
}

describe("reads of the emulator", () => {
  let asked: number;
  let reads: KeptReads;
  const count = async () => {
    asked += 1;
    return asked;
  };

  beforeEach(() => {
    asked = 0;
    reads = new KeptReads();
  });

  it("are asked once for each question", async () => {
    const iam = clientOf(reads, "iam", count);
    expect(await iam("GetRoleCommand", { RoleName: "a" })).toBe(1);
    expect(await iam("GetRoleCommand", { RoleName: "a" })).toBe(1);
    expect(await iam("GetRoleCommand", { RoleName: "b" })).toBe(2);
    expect(await iam("GetUserCommand", { RoleName: "b" })).toBe(3);
  });

  it.each([
    ["iam", "AttachRolePolicy"],
    ["organizations", "UpdatePolicy"],
    ["cloudformation", "CreateStack"],
  ])("are asked again after %s %s, by whomever", async (service, operation) => {
    const iam = clientOf(reads, "iam", count);
    await iam("GetRoleCommand");
    await reads.changed({ service, operation }, async () => undefined);
    expect(await iam("GetRoleCommand")).toBe(2);
    await clientOf(reads, service, count)(`${operation}Command`);
    expect(await iam("GetRoleCommand")).toBe(4);
  });

  it("stand while another identity of the account, or another account, changes", async () => {
    const iam = clientOf(reads, "iam", count);
    const place = "iam 111111111111";
    const change = (parameters: Record<string, string>, where = place) =>
      reads.changed(
        { service: "iam", operation: "AttachRolePolicy", parameters },
        async () => undefined,
        where,
      );
    await iam("GetRoleCommand", { RoleName: "a" });
    await iam("ListRolesCommand");
    await change({ RoleName: "b", PolicyArn: "p" });
    await change({ RoleName: "a" }, "iam 222222222222");
    expect(await iam("GetRoleCommand", { RoleName: "a" })).toBe(1);
    expect(await iam("ListRolesCommand")).toBe(3);
    await change({ RoleName: "a" });
    expect(await iam("GetRoleCommand", { RoleName: "a" })).toBe(4);
    await change({ AccountAlias: "x" });
    expect(await iam("GetRoleCommand", { RoleName: "a" })).toBe(5);
  });

  it("stand while others change what no identity depends on", async () => {
    const iam = clientOf(reads, "iam", count);
    await iam("GetRoleCommand");
    await reads.changed({ service: "s3", operation: "PutObject" }, async () => undefined);
    expect(await iam("GetRoleCommand")).toBe(1);
  });

  it("do not stand where they were on their way while something changed", async () => {
    let arrive: (value: number) => void = () => undefined;
    const slow = new Promise<number>((resolve) => {
      arrive = resolve;
    });
    let answer: () => Promise<unknown> = () => slow;
    const iam = clientOf(reads, "iam", () => answer());
    const before = iam("GetRoleCommand");
    await reads.changed({ service: "iam", operation: "DeleteRole" }, async () => undefined);
    arrive(1);
    expect(await before).toBe(1);
    answer = async () => 2;
    expect(await iam("GetRoleCommand")).toBe(2);
  });

  it("are asked again where a change failed, or where they failed themselves", async () => {
    let fails = true;
    const iam = clientOf(reads, "iam", async () => {
      if (fails) throw new Error("down");
      return count();
    });
    await expect(iam("GetRoleCommand")).rejects.toThrow("down");
    fails = false;
    expect(await iam("GetRoleCommand")).toBe(1);
    const failing = reads.changed({ service: "iam", operation: "PutRolePolicy" }, async () => {
      throw new Error("half done");
    });
    await expect(failing).rejects.toThrow("half done");
    expect(await iam("GetRoleCommand")).toBe(2);
  });

  it("of other services are never kept", async () => {
    const ec2 = clientOf(reads, "ec2", count);
    await ec2("DescribeInstancesCommand");
    expect(await ec2("DescribeInstancesCommand")).toBe(2);
  });
});

describeWithEmulator("identities of the emulator", () => {
  const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
  let front: Front;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: "111111111111" });
  });
  afterAll(() => front.stop());

  it("are counted account by account, and a key is found in the account that holds it", async () => {
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "member", Email: "member@example.com" }),
    );
    const account = CreateAccountStatus?.AccountId ?? "";
    const management = new IAMClient(clientSettings(front));
    const keys = await assumeRole(
      new STSClient(clientSettings(front)),
      `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
    );
    const member = new IAMClient(clientSettings(front, keys));
    const attachments = async (iam: IAMClient) =>
      (await iam.send(new GetPolicyCommand({ PolicyArn: administrator }))).Policy?.AttachmentCount;
    const [before, others] = [await attachments(member), await attachments(management)];
    await member.send(new CreateUserCommand({ UserName: "builder" }));
    await member.send(new AttachUserPolicyCommand({ UserName: "builder", PolicyArn: administrator }));
    expect(await attachments(member)).toBe((before ?? Number.NaN) + 1);
    expect(await attachments(management)).toBe(others);

    const user = clientSettings(front, await newKey(member, "builder"));
    const { Account, Arn } = await new STSClient(user).send(new GetCallerIdentityCommand({}));
    expect({ Account, Arn }).toEqual({ Account: account, Arn: `arn:aws:iam::${account}:user/builder` });
    expect((await new IAMClient(user).send(new ListUsersCommand({}))).Users).toHaveLength(1);
  });
});
