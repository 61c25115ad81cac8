import { readFileSync } from "node:fs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand as CreateOrganizationPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { STSClient } from "@aws-sdk/client-sts";
import { type Deployment, synthesizedDeployment } from "../../../cli/access/deployment";
import type { StandingRole } from "../../../cli/access/template";
import { callerAtDoor } from "../../../cli/assume/caller";
import { enter, type SessionCredentials } from "../../../cli/assume/chain";
import { createCutPolicy, missingDelegation } from "../../../cli/bootstrap/guardrails";
import { type FunctionEntry, functionBundle, handlerName } from "../../../constructs/function-bundle";
import { type Landscape, listedAccounts } from "../../../landscape";
import { deployRoleArn } from "../../../landscape/arns";
import {
  accountId,
  caseTableName,
  cutFunctionName,
  iamPath,
  quarantineKinds,
  quarantinePolicyName,
  roleName,
  tagFunctionName,
} from "../../../landscape/names";
import type { TaskName } from "../../../landscape/tasks";
import { quarantineDocuments } from "../../../policies/quarantine";
import { managementKeys } from "../../local-aws/accounts";
import { assumeRole, clientSettings, type Keys } from "../../local-aws/clients";
import { adoptEmulator } from "../../local-aws/emulator";
import { type Front, type FrontOptions, startFront } from "../../local-aws/front";
import { startLocalAws } from "../../local-aws/local-aws";
import { equipResponder } from "../../local-aws/responder";
import { exampleText, landscapeOf, resourcesOf, synthesized } from "../../support/landscapes";
import { onceInARunAwaited, runProcessVariable } from "../../support/once-in-a-run";

export const caseId = "CASE-1";

const managementAccount = "111111111111";

/**
 * An organization on the local AWS with the kit's identities as synthesized, made by API: Terraform would take minutes
 * for the same, and `test/e2e` shows that it makes them.
 */
export class EmulatedOrganization {
  private constructor(
    readonly front: Front,
    readonly landscape: Landscape,
    readonly deployment: Deployment,
    /** Of an emergency user, as an operator hands them out. */
    readonly responder: Keys,
    /** The landscape's file. */
    readonly text: string,
  ) {}

  /**
   * A copy of one that is made once in a run of the tests: it takes 300 calls, a copy one.
   *
   * @param prepare what administrators of accounts set up before guardrails bind them
   */
  static async create(
    authorized: NonNullable<FrontOptions["authorized"]> = () => undefined,
    prepare: (organization: EmulatedOrganization) => Promise<void> = async () => undefined,
  ): Promise<EmulatedOrganization> {
    const { emulator, memory, responder, text } = await onceInARunAwaited(
      "the example's organization on an emulator",
      EmulatedOrganization.make,
    );
    const front = await startFront({
      emulator: adoptEmulator(await adoptEmulator(emulator).fork(process.pid)),
      memory: Buffer.from(memory, "base64"),
      managementAccount,
      authorized,
    });
    const landscape = landscapeOf(text);
    const deployment = synthesizedDeployment(landscape);
    const organization = new EmulatedOrganization(front, landscape, deployment, responder, text);
    try {
      await prepare(organization);
      await attachGuardrails(new OrganizationsClient(clientSettings(front)), landscape, deployment);
      return organization;
    } catch (error) {
      await front.stop();
      throw error;
    }
  }

  /** As plain data, which other processes can take copies of; the emulator ends with the run. */
  private static async make() {
    const front = await startLocalAws({ managementAccount });
    try {
      const { text, responder } = await EmulatedOrganization.madeOn(front);
      const { emulator, memory } = await front.fork(Number(process.env[runProcessVariable] ?? process.pid));
      return { emulator, memory: Buffer.from(memory).toString("base64"), text, responder };
    } finally {
      await front.stop();
    }
  }

  private static async madeOn(front: Front): Promise<{ readonly text: string; readonly responder: Keys }> {
    const text = await withRealIds(front);
    const landscape = landscapeOf(text);
    const deployment = synthesizedDeployment(landscape);
    for (const account of listedAccounts(landscape)) {
      const keys =
        account.id === landscape.accounts.management.id
          ? managementKeys
          : await assume(front, deployRoleArn(landscape, account));
      const iam = new IAMClient(clientSettings(front, keys));
      await createQuarantine(iam, landscape);
      const here = [...deployment.principals.values()].filter((role) => role.account === account.id);
      for (const principal of here) await createPrincipal(iam, principal);
      if (here.some(({ arn }) => arn.endsWith("role/acme-ir/acme-ir-quarantine")))
        await createProfile(iam, landscape);
    }
    await deployFunctions(front, landscape);
    const { forensics } = landscape.accounts;
    const iam = new IAMClient(
      clientSettings(front, await assume(front, deployRoleArn(landscape, forensics))),
    );
    return { text, responder: await equipResponder(iam, "emergency-1") };
  }

  close(): Promise<void> {
    return this.front.stop();
  }

  readonly idOf = (name: string): string => {
    const account = listedAccounts(this.landscape).find((listed) => listed.name === name);
    if (!account) throw new Error(`no account ${name}`);
    return accountId(account);
  };

  /** Settings of an SDK client with some keys. */
  readonly client = (keys?: Keys, region?: string) => clientSettings(this.front, keys, region);

  readonly administrator = (name: string): Promise<Keys> =>
    assume(this.front, deployRoleArn(this.landscape, { name, id: this.idOf(name) }));

  /** A responder's session: from the emergency user's own key by the hub into the account, as `ir-kit assume` goes. */
  async session(task: TaskName, account: string): Promise<SessionCredentials> {
    const stsFor = (keys?: Keys) => new STSClient(this.client(keys ?? this.responder));
    const caller = await callerAtDoor(stsFor(), this.landscape);
    return enter(stsFor, this.landscape, caller, {
      task,
      account: this.idOf(account),
      caseId,
      mfaCode: "123456",
    });
  }
}

const assume = (front: Front, RoleArn: string): Promise<Keys> =>
  assumeRole(new STSClient(clientSettings(front)), RoleArn);

/** Makes the example's organization, and gives the example's text with the ids that it got. */
async function withRealIds(front: Front): Promise<string> {
  const organizations = new OrganizationsClient(clientSettings(front));
  const { Organization } = await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? "";
  for (const PolicyType of ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"] as const) {
    await organizations.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType }));
  }
  const example = landscapeOf(exampleText);
  const ids = new Map<string, string>([
    ["o-a1b2c3d4e5", Organization?.Id ?? ""],
    ["r-ab12", root],
  ]);
  const units = new Map<string | undefined, string>([[undefined, root]]);
  for (const { path, name, parent, id = "" } of example.organizationalUnits) {
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: units.get(parent), Name: name }),
    );
    ids.set(id, OrganizationalUnit?.Id ?? "");
    units.set(path, OrganizationalUnit?.Id ?? "");
  }
  for (const account of listedAccounts(example).slice(1)) {
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: account.name, Email: `${account.name}@example.com` }),
    );
    const AccountId = CreateAccountStatus?.AccountId ?? "";
    ids.set(account.id ?? "", AccountId);
    await organizations.send(
      new MoveAccountCommand({
        AccountId,
        SourceParentId: root,
        DestinationParentId: units.get(account.organizationalUnit),
      }),
    );
  }
  ids.set(
    example.organization.cutPolicyId ?? "",
    (await createCutPolicy(organizations, withoutCutPolicy(example))) ?? "",
  );
  return [...ids].reduce((text, [from, to]) => text.replaceAll(from, to), exampleText);
}

/** The example, before bootstrap has written the id of the cuts' policy into it. */
const withoutCutPolicy = (landscape: Landscape): Landscape => {
  const { cutPolicyId: _, ...organization } = landscape.organization;
  return { ...landscape, organization };
};

async function createQuarantine(iam: IAMClient, landscape: Landscape): Promise<void> {
  for (const kind of quarantineKinds) {
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: quarantinePolicyName(landscape, kind),
        Path: iamPath(landscape),
        PolicyDocument: JSON.stringify(quarantineDocuments[kind]),
      }),
    );
  }
}

async function createProfile(iam: IAMClient, landscape: Landscape): Promise<void> {
  const name = roleName(landscape, "quarantine");
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name, Path: iamPath(landscape) }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

async function createPrincipal(
  iam: IAMClient,
  { arn, trust, policies, boundary }: StandingRole,
): Promise<void> {
  const resource = arn.slice(arn.lastIndexOf(":") + 1);
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  const Path = resource.slice(resource.indexOf("/"), resource.lastIndexOf("/") + 1);
  if (Path.startsWith("/aws-reserved/")) return;
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: `${name}-permissions`,
      Path,
      PolicyDocument: JSON.stringify(policies[0] ?? boundary),
    }),
  );
  const PolicyArn = Policy?.Arn ?? "";
  const PermissionsBoundary = boundary ? PolicyArn : undefined;
  if (resource.startsWith("user/")) {
    await iam.send(new CreateUserCommand({ UserName: name, Path, PermissionsBoundary }));
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }));
    return;
  }
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Path,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      PermissionsBoundary,
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
}

/** The cuts' policy at the root, and the hub's right to write it, as bootstrap and the guardrails' stack make them. */
async function delegateCuts(organizations: OrganizationsClient, landscape: Landscape): Promise<void> {
  for (const { apply } of await missingDelegation(organizations, landscape)) await apply();
  await organizations.send(
    new AttachPolicyCommand({
      PolicyId: landscape.organization.cutPolicyId,
      TargetId: landscape.organization.rootId,
    }),
  );
}

/** The functions and the table of stack `response`, in the hub's account. */
async function deployFunctions(front: Front, landscape: Landscape): Promise<void> {
  await delegateCuts(new OrganizationsClient(clientSettings(front)), landscape);
  const settings = clientSettings(front, await assume(front, deployRoleArn(landscape, landscape.hub)));
  await new DynamoDBClient(settings).send(
    new CreateTableCommand({
      TableName: caseTableName(landscape),
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "case", KeyType: "HASH" },
        { AttributeName: "item", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "case", AttributeType: "S" },
        { AttributeName: "item", AttributeType: "S" },
      ],
    }),
  );
  const stack = synthesized(landscape).stack("response");
  const lambda = new LambdaClient(settings);
  for (const one of resourcesOf(stack, "aws_lambda_function")) {
    const { variables } = one.environment as { readonly variables: Record<string, string> };
    const name = String(one.function_name);
    const entry = entries(landscape)[name] ?? "runtime/functions/step.ts";
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: String(one.role),
        Runtime: "nodejs22.x",
        Handler: handlerName,
        Timeout: Number(one.timeout),
        Environment: { Variables: variables },
        Code: {
          ZipFile: readFileSync(functionBundle(entry).file),
        },
      }),
    );
  }
}

/** Entries of functions that are no step of a workflow. */
const entries = (landscape: Landscape): Readonly<Record<string, FunctionEntry>> => ({
  [cutFunctionName(landscape)]: "runtime/functions/cuts.ts",
  [tagFunctionName(landscape)]: "runtime/functions/tags.ts",
});

async function attachGuardrails(
  organizations: OrganizationsClient,
  landscape: Landscape,
  { policies }: Deployment,
): Promise<void> {
  for (const { name, type, document, targets } of policies) {
    const { Policy } = await organizations.send(
      new CreateOrganizationPolicyCommand({
        Name: name,
        Type: type,
        Description: landscape.organization.name,
        Content: JSON.stringify(document),
      }),
    );
    for (const TargetId of targets) {
      await organizations.send(new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
    }
  }
}
