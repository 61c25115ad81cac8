import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  ListServiceSpecificCredentialsCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { CreateOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetAccessKeyInfoCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings, type Keys, newKey } from "./clients";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";

const management = "111111111111";

/** What the response asks AWS, and the emulator alone can't answer. */
describeWithEmulator("the strict front, about callers", () => {
  let front: Front;
  let keys: Keys;
  const as = (who?: Keys) => new IAMClient(clientSettings(front, who));

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: management });
    await new OrganizationsClient(clientSettings(front)).send(
      new CreateOrganizationCommand({ FeatureSet: "ALL" }),
    );
    await as().send(new CreateUserCommand({ UserName: "ann" }));
    await as().send(new CreateGroupCommand({ GroupName: "readers" }));
    await as().send(
      new AttachGroupPolicyCommand({
        GroupName: "readers",
        PolicyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess",
      }),
    );
    keys = await newKey(as(), "ann");
  });
  afterAll(() => front.stop());

  it("lets a user do what its own policies and its groups' allow, and nothing else", async () => {
    await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
    await as().send(new AddUserToGroupCommand({ GroupName: "readers", UserName: "ann" }));
    await expect(as(keys).send(new ListUsersCommand({}))).resolves.toBeDefined();
    await expect(as(keys).send(new CreateUserCommand({ UserName: "bob" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("tells in which account a key is", async () => {
    const sts = new STSClient(clientSettings(front));
    const { Account } = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: keys.accessKeyId }));
    expect(Account).toBe(management);
  });

  it("gives each session a temporary key of its own, which outlives the long-term one", async () => {
    const sts = new STSClient(clientSettings(front, keys));
    const sessions = [
      await sts.send(new GetSessionTokenCommand({})),
      await sts.send(new GetSessionTokenCommand({})),
    ];
    const ids = sessions.map(({ Credentials }) => Credentials?.AccessKeyId ?? "");
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^ASIA[A-Z2-7]{16}$/);
    const status = (Status: "Active" | "Inactive") =>
      as().send(new UpdateAccessKeyCommand({ UserName: "ann", AccessKeyId: keys.accessKeyId, Status }));
    await status("Inactive");
    await expect(as(keys).send(new ListUsersCommand({}))).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    const session = {
      accessKeyId: ids[0] ?? "",
      secretAccessKey: sessions[0]?.Credentials?.SecretAccessKey ?? "",
      sessionToken: sessions[0]?.Credentials?.SessionToken ?? "",
    };
    await expect(as(session).send(new ListUsersCommand({}))).resolves.toBeDefined();
    await status("Active");
    await expect(as(keys).send(new ListUsersCommand({}))).resolves.toBeDefined();
  });

  it("decides by the simulator as it authorizes, an explicit deny apart from a silence", async () => {
    const PolicySourceArn = `arn:aws:iam::${management}:user/ann`;
    const ask = async () => {
      const { EvaluationResults = [] } = await as().send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn,
          ActionNames: ["iam:ListUsers", "ec2:RunInstances"],
        }),
      );
      return EvaluationResults.map(({ EvalDecision }) => EvalDecision);
    };
    expect(await ask()).toEqual(["allowed", "implicitDeny"]);
    const Statement = [{ Effect: "Deny", Action: "iam:*", Resource: "*" }];
    await as().send(
      new PutUserPolicyCommand({
        UserName: "ann",
        PolicyName: "no",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
    expect(await ask()).toEqual(["explicitDeny", "implicitDeny"]);
  });

  it("keeps service-specific credentials", async () => {
    const of = { UserName: "ann", ServiceName: "codecommit.amazonaws.com" };
    await as().send(new CreateServiceSpecificCredentialCommand(of));
    const { ServiceSpecificCredentials = [] } = await as().send(
      new ListServiceSpecificCredentialsCommand({ UserName: "ann" }),
    );
    expect(ServiceSpecificCredentials).toEqual([expect.objectContaining({ ...of, Status: "Active" })]);
  });

  it("writes down who called what, in pages, and no secret", async () => {
    const cloudTrail = new CloudTrailClient({ ...clientSettings(front), region: "us-east-1" });
    const bob = await newKey(as(), "ann");
    for (let call = 0; call < 55; call += 1) {
      await as(bob)
        .send(new GetUserCommand({ UserName: "ann" }))
        .catch(() => undefined);
    }
    const lookUp = (NextToken?: string) =>
      cloudTrail.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: "AccessKeyId", AttributeValue: bob.accessKeyId }],
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
    const first = await lookUp();
    const second = await lookUp(first.NextToken);
    expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([50, 5, undefined]);
    expect(JSON.parse(first.Events?.[0]?.CloudTrailEvent ?? "{}")).toMatchObject({
      eventName: "GetUser",
      errorCode: "AccessDenied",
      userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${management}:user/ann`, accountId: management },
    });
    const everything = await cloudTrail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "CreateAccessKey" }],
      }),
    );
    expect(everything.Events?.length).toBeGreaterThan(0);
    expect(JSON.stringify(everything)).not.toContain(bob.secretAccessKey);
  });
});
