import type { FrontContext } from "./front";
import type { AwsCall } from "./protocol";
import { templateResources } from "./templates";

/** A change to IAM, whether by IAM's own API or inside a CloudFormation template. */
export type IamChange =
  | { readonly kind: "trust"; readonly role: string; readonly document: string }
  | {
      readonly kind: "managed-policy";
      readonly name: string;
      readonly document: string;
      readonly newVersion: boolean;
    }
  | {
      readonly kind: "inline";
      readonly of: Holder;
      readonly holder: string;
      readonly policy: string;
      readonly document: string;
    }
  | {
      readonly kind: "attach";
      readonly of: Holder;
      readonly holder: string;
      readonly policies: readonly string[];
    }
  | { readonly kind: "profile"; readonly profile: string; readonly roles: number };

export type Holder = "Role" | "User" | "Group";

export interface LocatedIamChange {
  readonly change: IamChange;
  readonly account: string;
  /** The emulator has the holder already, so what it holds counts too; not so for one that a template makes. */
  readonly existing: boolean;
}

/** Every IAM change that a call would make. */
export async function iamChanges(call: AwsCall, { callers }: FrontContext): Promise<LocatedIamChange[]> {
  if (call.service === "iam") {
    const change = apiChange(call);
    if (!change) return [];
    return [{ change, account: (await callers.of(call)).account, existing: true }];
  }
  const resources = templateResources(call);
  if (resources.length === 0) return [];
  const { account } = await callers.of(call);
  return resources.flatMap(({ type, name, properties }) =>
    templateChanges(type, name, properties).map((change) => ({ change, account, existing: false })),
  );
}

function apiChange({ operation, parameters }: AwsCall): IamChange | undefined {
  const parameter = (name: string) => String(parameters[name] ?? "");
  switch (operation) {
    case "CreateRole":
      return { kind: "trust", role: parameter("RoleName"), document: parameter("AssumeRolePolicyDocument") };
    case "UpdateAssumeRolePolicy":
      return { kind: "trust", role: parameter("RoleName"), document: parameter("PolicyDocument") };
    case "CreatePolicy":
    case "CreatePolicyVersion": {
      const newVersion = operation === "CreatePolicyVersion";
      const name = parameter(newVersion ? "PolicyArn" : "PolicyName");
      return { kind: "managed-policy", name, document: parameter("PolicyDocument"), newVersion };
    }
    case "AddRoleToInstanceProfile":
      return { kind: "profile", profile: parameter("InstanceProfileName"), roles: 1 };
    default:
      return holderChange(operation, parameter);
  }
}

function holderChange(operation: string, parameter: (name: string) => string): IamChange | undefined {
  const match = /^(Put|Attach)(Role|User|Group)Policy$/.exec(operation);
  if (!match) return undefined;
  const of = match[2] as Holder;
  const holder = parameter(`${of}Name`);
  return match[1] === "Put"
    ? { kind: "inline", of, holder, policy: parameter("PolicyName"), document: parameter("PolicyDocument") }
    : { kind: "attach", of, holder, policies: [parameter("PolicyArn")] };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function templateChanges(
  type: string,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): IamChange[] {
  const of = /^AWS::IAM::(Role|User|Group)$/.exec(type)?.[1] as Holder | undefined;
  if (type === "AWS::IAM::ManagedPolicy") {
    const document = JSON.stringify(properties.PolicyDocument);
    return [
      {
        kind: "managed-policy",
        name: String(properties.ManagedPolicyName ?? name),
        document,
        newVersion: false,
      },
    ];
  }
  if (type === "AWS::IAM::InstanceProfile") {
    return [{ kind: "profile", profile: name, roles: list(properties.Roles).length }];
  }
  if (of === undefined) return [];
  const holder = String(properties[`${of}Name`] ?? name);
  const trust: IamChange[] =
    of === "Role"
      ? [{ kind: "trust", role: holder, document: JSON.stringify(properties.AssumeRolePolicyDocument) }]
      : [];
  const inline = list(properties.Policies).map((policy): IamChange => {
    const { PolicyName, PolicyDocument } = policy as Record<string, unknown>;
    return {
      kind: "inline",
      of,
      holder,
      policy: String(PolicyName),
      document: JSON.stringify(PolicyDocument),
    };
  });
  const policies = list(properties.ManagedPolicyArns).map(String);
  return [
    ...trust,
    ...inline,
    ...(policies.length > 0 ? [{ kind: "attach" as const, of, holder, policies }] : []),
  ];
}
