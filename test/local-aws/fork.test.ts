import { spawn } from "node:child_process";
import { once } from "node:events";
import { CreateRoleCommand, CreateUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { CreateOrganizationCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describeWithEmulator } from "../support/with-tools";
import { clientSettings, type Keys } from "./clients";
import { adoptEmulator, type EmulatorProcess, startEmulator, tell } from "./emulator";
import { type Front, startFront } from "./front";
import { startLocalAws } from "./local-aws";

const managementAccount = "111111111111";

describeWithEmulator("a fork of the local AWS", () => {
  let template: Front;
  let keyId: string;
  let session: Keys;
  const started: Front[] = [];

  beforeAll(async () => {
    template = await startLocalAws({ managementAccount });
    await new OrganizationsClient(clientSettings(template)).send(
      new CreateOrganizationCommand({ FeatureSet: "ALL" }),
    );
    const iam = new IAMClient(clientSettings(template));
    await iam.send(new CreateUserCommand({ UserName: "before" }));
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${managementAccount}:root` },
          Action: "sts:AssumeRole",
        },
      ],
    };
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: "visitor", AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const { Credentials } = await new STSClient(clientSettings(template)).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "open" }),
    );
    session = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };
    const kms = new KMSClient(clientSettings(template));
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" }),
    );
    keyId = KeyMetadata?.KeyId ?? "";
    await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
    const s3 = new S3Client({ ...clientSettings(template), forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({
        Bucket: "large",
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      }),
    );
    await s3.send(new PutObjectCommand({ Bucket: "large", Key: "object", Body: largeObject }));
  });

  afterAll(() => Promise.all([template, ...started].map((front) => front.stop())));

  const fork = async (from: Front = template): Promise<Front & { readonly process: EmulatorProcess }> => {
    const { emulator, memory } = await from.fork(process.pid);
    const front = await startFront({ emulator: adoptEmulator(emulator), memory, managementAccount });
    started.push(front);
    return { ...front, port: front.port, process: emulator };
  };

  const users = async (front: Front): Promise<string[]> => {
    const { Users = [] } = await new IAMClient(clientSettings(front)).send(new ListUsersCommand({}));
    return Users.map(({ UserName = "" }) => UserName).sort();
  };

  const createUser = async (front: Front, UserName: string): Promise<string | undefined> => {
    const created = await new IAMClient(clientSettings(front)).send(new CreateUserCommand({ UserName }));
    return created.User?.UserId;
  };

  it("keeps what stood, in the emulator and in the front", async () => {
    const forked = await fork();
    expect(await users(forked)).toEqual(["before"]);
    const publicKey = async (front: Front) =>
      (await new KMSClient(clientSettings(front)).send(new GetPublicKeyCommand({ KeyId: keyId }))).PublicKey;
    expect(await publicKey(forked)).toEqual(await publicKey(template));
    await new KMSClient(clientSettings(forked)).send(
      new SignCommand({
        KeyId: keyId,
        Message: Buffer.alloc(32, 1),
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      }),
    );
  });

  it("knows the sessions that were open", async () => {
    const { Arn } = await new STSClient(clientSettings(await fork(), session)).send(
      new GetCallerIdentityCommand({}),
    );
    expect(Arn).toBe(`arn:aws:sts::${managementAccount}:assumed-role/visitor/open`);
  });

  it("changes nothing of the template or of another fork, and is changed by neither", async () => {
    const [one, another] = [await fork(), await fork()];
    await createUser(one, "in-one");
    await createUser(another, "in-another");
    await createUser(template, "in-the-template");
    expect([await users(one), await users(another), await users(template)]).toEqual([
      ["before", "in-one"],
      ["before", "in-another"],
      ["before", "in-the-template"],
    ]);
  });

  it("makes ids of its own", async () => {
    const forks = [await fork(), await fork()];
    const ids = await Promise.all(forks.map((forked) => createUser(forked, "same-name")));
    ids.push(await createUser(template, "same-name"));
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(3);
  });

  it("counts from nothing", async () => {
    expect((await fork()).counts()).toEqual({
      gaps: {},
      refusals: {},
      unanswered: {},
      undecided: {},
      forwarded: 0,
    });
  });

  it("can be made ten times at once, while calls go on", async () => {
    const calls = Array.from({ length: 20 }, (_, index) => createUser(template, `busy-${index}`));
    const forks = await Promise.all(Array.from({ length: 10 }, () => fork()));
    await Promise.all(calls);
    expect(new Set(forks.map(({ process: { port } }) => port)).size).toBe(10);
    const seen = await Promise.all(forks.map(users));
    for (const names of seen) expect(names).toContain("before");
  });

  it("is answered while another copy of the same emulator is made, and runs on", async () => {
    const emulator = await startEmulator();
    try {
      const forks = await Promise.all(Array.from({ length: 8 }, () => emulator.fork(process.pid)));
      expect(new Set(forks.map(({ port }) => port)).size).toBe(8);
      await Promise.all(forks.map((fork) => adoptEmulator(fork).stop()));
    } finally {
      await emulator.stop();
    }
  });

  it("reads objects of any size beside others that read them", async () => {
    const forks = [await fork(), await fork(), template];
    const read = async (front: Front): Promise<boolean> => {
      const s3 = new S3Client({ ...clientSettings(front), forcePathStyle: true });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "large", Key: "object" }));
      return largeObject.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0));
    };
    const reads = await Promise.all([...forks, ...forks].map(read));
    expect(reads).toEqual(reads.map(() => true));
  });

  it("can be forked itself", async () => {
    const forked = await fork();
    await createUser(forked, "child");
    const grandchild = await fork(forked);
    await createUser(forked, "later");
    expect(await users(grandchild)).toEqual(expect.arrayContaining(["before", "child"]));
    expect(await users(grandchild)).not.toContain("later");
  });

  it("is gone when it was stopped, and leaves the template as it is", async () => {
    const forked = await fork();
    await forked.stop();
    expect(tell(forked.process.processId, 0)).toBe(false);
    expect(await users(template)).toContain("before");
  });

  it("ends with its owner", async () => {
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(owner, "spawn");
    const { emulator } = await template.fork(owner.pid ?? 0);
    expect(tell(emulator.processId, 0)).toBe(true);
    owner.kill("SIGKILL");
    await once(owner, "exit");
    for (let waited = 0; waited < 5000 && tell(emulator.processId, 0); waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(tell(emulator.processId, 0)).toBe(false);
  });

  it("is refused without an owner", async () => {
    await expect(template.fork("nobody" as unknown as number)).rejects.toThrow("a fork needs");
  });
});

/** More than the emulator keeps in memory by itself. */
const largeObject = Buffer.alloc(6 << 20, "evidence");
