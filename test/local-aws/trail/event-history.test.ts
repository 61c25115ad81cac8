import {
  CloudTrailClient,
  type LookupAttributeKey,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateUserCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../../support/with-tools";
import { assumeRole, clientSettings, type Keys, newKey } from "../clients";
import { asOnAws, atOnce } from "../conditions";
import type { Front } from "../front";
import { startLocalAws } from "../local-aws";

const management = "111111111111";

/**
 * Types and kinds of names of what AWS recorded for a session that was opened, with names replaced. Source:
 * aws-samples/amazon-eks-security-immersion-day, `3.eks-pod-identity-deep-dive`, the output of lookup-events.
 */
const ofAssumeRole = (key: string, account: string, role: string, session: string) => [
  { ResourceType: "AWS::IAM::AccessKey", ResourceName: key },
  {
    ResourceType: "AWS::STS::AssumedRole",
    ResourceName: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
  },
  {
    ResourceType: "AWS::STS::AssumedRole",
    ResourceName: expect.stringMatching(new RegExp(`^AROA\\w+:${session}$`)),
  },
  { ResourceType: "AWS::STS::AssumedRole", ResourceName: session },
  { ResourceType: "AWS::IAM::Role", ResourceName: `arn:aws:iam::${account}:role/${role}` },
];

describeWithEmulator("the event history of the local AWS", () => {
  let front: Front;
  let member: string;
  let ann: Keys;
  let session: Keys;

  const trail = (keys?: Keys, region = "eu-west-1") =>
    new CloudTrailClient(clientSettings(front, keys, region));
  const lookUp = (input: LookupEventsCommandInput = {}, client = trail()) =>
    client.send(new LookupEventsCommand(input));
  const of = (AttributeKey: LookupAttributeKey, AttributeValue: string) => ({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
  });
  const memberRole = () => `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`;

  beforeAll(async () => {
    front = await startLocalAws({ managementAccount: management });
    const organizations = new OrganizationsClient(clientSettings(front));
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: "shop", Email: "shop@example.com" }),
    );
    member = CreateAccountStatus?.AccountId ?? "";
    const iam = new IAMClient(clientSettings(front));
    await iam.send(new CreateUserCommand({ UserName: "ann" }));
    ann = await newKey(iam, "ann");
    session = await assumeRole(new STSClient(clientSettings(front)), memberRole());
  });
  afterEach(() => front.behave(atOnce));
  afterAll(() => front.stop());

  it("tells of a session that was opened what AWS tells: key, ARN, id and name of the session, and the role", async () => {
    const { Events = [] } = await lookUp(of("ResourceName", session.accessKeyId));
    expect(Events.map(({ EventName, ReadOnly, Resources }) => ({ EventName, ReadOnly, Resources }))).toEqual([
      {
        EventName: "AssumeRole",
        ReadOnly: "true",
        Resources: ofAssumeRole(session.accessKeyId, member, "OrganizationAccountAccessRole", "test"),
      },
    ]);
    const byRole = await lookUp(of("ResourceName", memberRole()));
    expect(byRole.Events?.map(({ EventId }) => EventId)).toContain(Events[0]?.EventId);
  });

  it("tells the role's account of a stranger by id, without ARN, name and key", async () => {
    const { Events = [] } = await lookUp(of("ResourceName", session.accessKeyId), trail(session));
    const [event] = Events;
    expect([event?.Username, event?.AccessKeyId]).toEqual([undefined, undefined]);
    const { userIdentity, recipientAccountId } = JSON.parse(event?.CloudTrailEvent ?? "{}");
    expect(userIdentity).toEqual({ type: "AWSAccount", accountId: management });
    expect(recipientAccountId).toBe(member);
  });

  it("shows no call on what lies in a resource", async () => {
    const dynamodb = new DynamoDBClient(clientSettings(front));
    await dynamodb.send(
      new CreateTableCommand({
        TableName: "things",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await dynamodb.send(new PutItemCommand({ TableName: "things", Item: { id: { S: "1" } } }));
    const { Events = [] } = await lookUp(of("EventSource", "dynamodb.amazonaws.com"));
    expect(Events.map(({ EventName }) => EventName)).toEqual(["CreateTable"]);
  });

  it("shows a call after minutes only, where it is to behave as AWS", async () => {
    const seen = () => lookUp(of("ResourceName", session.accessKeyId));
    front.behave({ trailDelay: asOnAws.trailDelay });
    expect((await seen()).Events).toEqual([]);
    front.behave({ trailDelay: 0 });
    expect((await seen()).Events).toHaveLength(1);
  });

  it("takes two requests a second of an account and region, and throttles what comes beyond", async () => {
    const client = trail(undefined, "ap-southeast-2");
    const now = Date.now();
    front.behave({ lookUpsPerSecond: asOnAws.lookUpsPerSecond, now: () => now });
    const throttled = {
      name: "ThrottlingException",
      $metadata: expect.objectContaining({ httpStatusCode: 400 }),
    };
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => lookUp({}, client)));
    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(refused).toHaveLength(3);
    for (const reason of refused) expect(reason).toMatchObject(throttled);
    // Another region and another account have requests of their own.
    await expect(lookUp({}, trail(undefined, "us-east-1"))).resolves.toBeDefined();
    await expect(lookUp({}, trail(session, "ap-southeast-2"))).resolves.toBeDefined();
    front.behave({ now: () => now + 1001 });
    await expect(lookUp({}, client)).resolves.toBeDefined();
  });

  it.each<[string, LookupEventsCommandInput]>([
    [
      "InvalidLookupAttributesException",
      {
        LookupAttributes: [...of("EventName", "A").LookupAttributes, ...of("EventId", "1").LookupAttributes],
      },
    ],
    ["InvalidMaxResultsException", { MaxResults: 51 }],
    ["InvalidTimeRangeException", { StartTime: new Date(2000), EndTime: new Date(1000) }],
    ["InvalidNextTokenException", { ...of("EventName", "GetUser"), NextToken: "50.other" }],
  ])("refuses with %s what AWS refuses", async (name, input) => {
    await expect(lookUp(input)).rejects.toMatchObject({ name });
  });

  it("gives fifty a page, and the next by a token that holds for the same question", async () => {
    for (let call = 0; call < 55; call += 1) {
      await new IAMClient(clientSettings(front, ann))
        .send(new GetUserCommand({ UserName: "ann" }))
        .catch(() => undefined);
    }
    const client = trail(undefined, "us-east-1");
    const question = of("AccessKeyId", ann.accessKeyId);
    const first = await lookUp(question, client);
    const second = await lookUp({ ...question, NextToken: first.NextToken }, client);
    expect([first.Events?.length, second.Events?.length, second.NextToken]).toEqual([50, 5, undefined]);
    await expect(
      lookUp({ ...of("EventName", "GetUser"), NextToken: first.NextToken }, client),
    ).rejects.toMatchObject({ name: "InvalidNextTokenException" });
  });

  it("finds what was done about a user by the user's name, and nothing that was refused", async () => {
    const client = trail(undefined, "us-east-1");
    const { Events = [] } = await lookUp(of("ResourceName", "ann"), client);
    expect(Events.map(({ EventName }) => EventName)).toEqual(
      expect.arrayContaining(["CreateUser", "CreateAccessKey"]),
    );
    expect(Events.map(({ EventName }) => EventName)).not.toContain("GetUser");
  });
});
