import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { ConfigServiceClient } from "@aws-sdk/client-config-service";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GuardDutyClient } from "@aws-sdk/client-guardduty";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53ResolverClient } from "@aws-sdk/client-route53resolver";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { FrontMemory } from "./front-memory";
import type { KeptReads } from "./kept-reads";
import { parsePolicy } from "./principals";
import { type AwsAnswer, type AwsCall, dig, parseXml, parseXmlRoot, text } from "./protocol";

/** Credentials with which the emulator knows the management account. They open nothing anywhere else. */
export const managementKeys = { accessKeyId: "AKIALOCALMANAGEMENT0", secretAccessKey: "local-aws" } as const;

export interface Caller {
  readonly account: string;
  /** ARN of the principal itself: a role rather than its session. */
  readonly principalArn: string;
  /** As AWS names the caller in messages and trails. */
  readonly callerArn: string;
  readonly session?: Session;
  /** A user's own session, from GetSessionToken: it outlives the key with which it was got. */
  readonly temporary?: true;
}

/** What a role session carries on. */
export interface Session {
  readonly roleArn: string;
  /** The role's unique id, a colon and the session's name. */
  readonly userId?: string;
  /** When it was opened, ISO 8601. */
  readonly issued?: string;
  readonly sourceIdentity?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTags: readonly string[];
  /** The session's own policy, which narrows what the role may do. */
  readonly policy?: unknown;
}

/** What signs a key's requests, and what a session sends beside. */
export interface Secret {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The emulator takes the account from this header before it looks at the key. */
export const accountHeader = "x-moto-account-id";

const iamRegion = "us-east-1";

/** Where an account's IAM is, as what was read there is kept. */
export const iamPlace = (account: string): string => `iam ${account} ${iamRegion}`;

/** Straight ways into the emulator, past the front: how gaps and refusals look at what stands there. */
export class EmulatorAccounts {
  private readonly clients = new Map<string, object>();

  constructor(
    private readonly port: number,
    readonly managementAccount: string,
    private readonly reads: KeptReads,
  ) {}

  readonly organizations = () =>
    this.client("organizations", OrganizationsClient, this.managementAccount, "us-east-1");

  readonly iam = (account: string) => this.client("iam", IAMClient, account, iamRegion);

  readonly guardDuty = (account: string, region: string) =>
    this.client("guardDuty", GuardDutyClient, account, region);

  readonly kms = (account: string, region: string) => this.client("kms", KMSClient, account, region);

  readonly cloudformation = (account: string, region: string) =>
    this.client("cloudformation", CloudFormationClient, account, region);

  readonly config = (account: string, region: string) =>
    this.client("config", ConfigServiceClient, account, region);

  readonly ec2 = (account: string, region: string) => this.client("ec2", EC2Client, account, region);

  readonly autoScaling = (account: string, region: string) =>
    this.client("autoScaling", AutoScalingClient, account, region);

  readonly loadBalancing = (account: string, region: string) =>
    this.client("loadBalancing", ElasticLoadBalancingV2Client, account, region);

  readonly lambda = (account: string, region: string) => this.client("lambda", LambdaClient, account, region);

  readonly resolver = (account: string, region: string) =>
    this.client("resolver", Route53ResolverClient, account, region);

  readonly rds = (account: string, region: string) => this.client("rds", RDSClient, account, region);

  readonly events = (account: string, region: string) =>
    this.client("events", EventBridgeClient, account, region);

  readonly sns = (account: string, region: string) => this.client("sns", SNSClient, account, region);

  readonly sqs = (account: string, region: string) => this.client("sqs", SQSClient, account, region);

  readonly ssm = (account: string, region: string) => this.client("ssm", SSMClient, account, region);

  /** One client for each service, account and region: to make one takes longer than to ask it. */
  private client<T extends object>(
    service: string,
    Client: new (settings: ReturnType<EmulatorAccounts["settings"]>) => T,
    account: string,
    region: string,
  ): T {
    const place = `${service} ${account} ${region}`;
    const known = this.clients.get(place) as T | undefined;
    const client = known ?? this.reads.serve(service, place, new Client(this.settings(region, account)));
    this.clients.set(place, client);
    return client;
  }

  private settings(region: string, account: string) {
    return {
      endpoint: `http://127.0.0.1:${this.port}`,
      region,
      maxAttempts: 1,
      credentials: managementKeys,
      requestHandler: new AccountHandler(account),
    };
  }
}

class AccountHandler extends NodeHttpHandler {
  constructor(private readonly account: string) {
    super();
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler["handle"]>) {
    request.headers[accountHeader] = this.account;
    return super.handle(request, options);
  }
}

/** Who stands behind each access key, learned from the sessions that passed through the front. */
export class Callers {
  constructor(
    private readonly ask: (call: AwsCall) => Promise<AwsAnswer>,
    private readonly managementAccount: string,
    private readonly memory: FrontMemory,
  ) {}

  private get byKey(): Map<string, Caller> {
    return this.memory.part("callers", () => new Map([[managementKeys.accessKeyId, this.management()]]));
  }

  /** Secrets of the keys that were given out by way of the front. */
  private get secrets(): Map<string, Secret> {
    return this.memory.part(
      "secrets",
      () => new Map([[managementKeys.accessKeyId, { secretAccessKey: managementKeys.secretAccessKey }]]),
    );
  }

  /** The secret of a key; nothing where the emulator gave the key out by itself. */
  readonly secretOf = (accessKeyId: string): Secret | undefined => this.secrets.get(accessKeyId);

  /** Account of a key that the front knows; for others, such as a user's, the emulator finds it itself. */
  readonly accountOf = (accessKeyId: string): string | undefined => this.byKey.get(accessKeyId)?.account;

  async of(call: AwsCall): Promise<Caller> {
    const known = this.byKey.get(call.accessKeyId);
    if (known) return known;
    const answer = await this.ask(identityCall(call));
    const result = dig(parseXml(answer.body), "GetCallerIdentityResponse", "GetCallerIdentityResult");
    const callerArn = text(dig(result, "Arn")) ?? "";
    const caller = { account: text(dig(result, "Account")) ?? "", principalArn: callerArn, callerArn };
    this.byKey.set(call.accessKeyId, caller);
    return caller;
  }

  /** Remembers the key, or the session, that a call has just made. */
  async learn(call: AwsCall, answer: AwsAnswer): Promise<void> {
    this.learnSecret(call, answer);
    if (call.service !== "sts" || answer.status !== 200) return;
    if (call.operation === "GetSessionToken") {
      const result = dig(parseXml(answer.body), "GetSessionTokenResponse", "GetSessionTokenResult");
      const key = text(dig(result, "Credentials", "AccessKeyId"));
      if (key !== undefined) this.byKey.set(key, { ...(await this.of(call)), temporary: true });
    }
    if (call.operation !== "AssumeRole") return;
    const result = dig(parseXml(answer.body), "AssumeRoleResponse", "AssumeRoleResult");
    const accessKeyId = text(dig(result, "Credentials", "AccessKeyId"));
    if (accessKeyId === undefined) return;
    const userId = text(dig(result, "AssumedRoleUser", "AssumedRoleId"));
    const session: Session = {
      ...nextSession(call, await this.of(call)),
      issued: `${new Date().toISOString().slice(0, 19)}Z`,
      ...(userId !== undefined && { userId }),
    };
    const [, partition = "aws", , , account = ""] = session.roleArn.split(":");
    const role = session.roleArn.slice(session.roleArn.lastIndexOf("/") + 1);
    const name = String(call.parameters.RoleSessionName);
    const callerArn = `arn:${partition}:sts::${account}:assumed-role/${role}/${name}`;
    this.byKey.set(accessKeyId, { account, principalArn: session.roleArn, callerArn, session });
  }

  private learnSecret(call: AwsCall, answer: AwsAnswer): void {
    const gives = call.service === "sts" || (call.service === "iam" && call.operation === "CreateAccessKey");
    if (!gives || answer.status !== 200) return;
    const result = Object.values((parseXmlRoot(answer.body) as object | undefined) ?? {})[0];
    const given = dig(result, "Credentials") ?? dig(result, "AccessKey");
    const accessKeyId = text(dig(given, "AccessKeyId"));
    const secretAccessKey = text(dig(given, "SecretAccessKey"));
    const sessionToken = text(dig(given, "SessionToken"));
    if (accessKeyId === undefined || secretAccessKey === undefined) return;
    this.secrets.set(accessKeyId, { secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) });
  }

  private management(): Caller {
    const arn = `arn:aws:iam::${this.managementAccount}:root`;
    return { account: this.managementAccount, principalArn: arn, callerArn: arn };
  }
}

const identityBody = Buffer.from("Action=GetCallerIdentity&Version=2011-06-15");

const identityCall = (call: AwsCall): AwsCall => ({
  ...call,
  service: "sts",
  protocol: "query",
  operation: "GetCallerIdentity",
  method: "POST",
  path: "/",
  target: "/",
  body: identityBody,
  headers: {
    host: "sts.us-east-1.amazonaws.com",
    "content-type": "application/x-www-form-urlencoded",
    authorization: `AWS4-HMAC-SHA256 Credential=${call.accessKeyId}/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
  },
});

/** Session tags and their transitive keys, as the query protocol spells lists. */
export function sessionTags(
  parameters: Readonly<Record<string, unknown>>,
): Pick<Session, "tags" | "transitiveTags"> {
  const tags: Record<string, string> = {};
  const transitiveTags: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const tag = /^Tags\.member\.(\d+)\.Key$/.exec(name);
    if (tag) tags[String(value)] = String(parameters[`Tags.member.${tag[1]}.Value`] ?? "");
    if (/^TransitiveTagKeys\.member\.\d+$/.test(name)) transitiveTags.push(String(value));
  }
  return { tags, transitiveTags };
}

/** The session that an AssumeRole call asks for; what is transitive in the caller's own goes on into it. */
export function nextSession(call: AwsCall, { session: before }: Caller): Session {
  const { tags, transitiveTags } = sessionTags(call.parameters);
  const inherited = Object.fromEntries(
    (before?.transitiveTags ?? []).map((key) => [key, before?.tags[key] ?? ""]),
  );
  const sourceIdentity = text(call.parameters.SourceIdentity) ?? before?.sourceIdentity;
  return {
    roleArn: String(call.parameters.RoleArn),
    tags: { ...tags, ...inherited },
    transitiveTags: [...new Set([...transitiveTags, ...(before?.transitiveTags ?? [])])],
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(call.parameters.Policy !== undefined && { policy: parsePolicy(String(call.parameters.Policy)) }),
  };
}
