import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { quarantineDocuments } from "../../../policies/quarantine";
import { cutsOf, cutText, sameCut, subjectOf } from "../../../runtime/cuts/document";
import { cutsBy } from "../../../runtime/cuts/invoke";
import type { CutRequest } from "../../../runtime/cuts/request";
import { utc } from "../../../runtime/shared/clock";
import type { Ledger } from "../../../runtime/shared/ledger";
import type { AccountClients, Setting } from "../../../runtime/shared/setting";
import { kitOf } from "../../../stacks/kit";
import { landscape } from "../../proofs/setting";
import { MemoryLedger } from "../../support/memory-ledger";
import { impatientClock } from "../../support/response-setting";
import { answering, type Between, type Input, nobody } from "./plugged";

export interface SmallUser {
  readonly name: string;
  attached: string[];
  boundary: string | null;
  keys: { id: string; status: string }[];
  sshKeys: { id: string; status: string }[];
  certificates: { id: string; status: string }[];
  services: { id: string; status: string }[];
}

const account = "555555555555";
export const denyAll = `arn:aws:iam::${account}:policy/acme-ir/acme-ir-quarantine-deny-all`;

/** Policies that a user has at most. Source: "IAM and AWS STS quotas". */
const attachedAtMost = 10;

/**
 * A few things of AWS in memory, behind the SDK's own clients: thousands of runs with a fault at every call, which the
 * emulator would take hours for. That the calls are right, the tests on the emulator show.
 */
export abstract class SmallAccount {
  /** Names of calls that change something, in order. */
  readonly changes: string[] = [];

  abstract readonly arn: string;
  protected abstract readonly makers: Readonly<Record<string, (input: Input) => void>>;
  protected abstract readonly readers: Readonly<Record<string, (input: Input) => unknown>>;

  readonly clients = (between: Between = (_, __, answer) => answer()): AccountClients => {
    const options = { region: "us-east-1", credentials: nobody };
    const plug = <Client extends { readonly send: unknown }>(client: Client): Client =>
      answering(client, (call, input) =>
        between(call, input as Input, () => this.answer(call, input as Input)),
      );
    const iam = plug(new IAMClient(options));
    const cloudTrail = plug(new CloudTrailClient(options));
    const lambda = plug(new LambdaClient(options));
    const cuts = cutsBy(lambda, "acme-ir-cuts", { case: "CASE-1", actor: "emergency-1" });
    return { iam, cloudTrail: () => cloudTrail, cuts };
  };

  private answer(name: string, input: Input): unknown {
    const change = this.makers[name];
    if (change) {
      change(input);
      this.changes.push(name);
      return {};
    }
    const read = this.readers[name];
    if (!read) throw new Error(`the small AWS does not know ${name}`);
    return read(input);
  }
}

/** One user of IAM. */
export class SmallAws extends SmallAccount {
  readonly user: SmallUser;

  constructor(user: Partial<SmallUser> = {}) {
    super();
    this.user = {
      name: "ann",
      attached: [],
      boundary: null,
      keys: [
        { id: "AKIAAAAAAAAAAAAAAAA2", status: "Active" },
        { id: "AKIAAAAAAAAAAAAAAAA3", status: "Inactive" },
      ],
      sshKeys: [{ id: "APKAAAAAAAAAAAAAAAA2", status: "Active" }],
      certificates: [{ id: "CERTIFICATEAAAAAAAAAAAAA", status: "Active" }],
      services: [{ id: "ACCAAAAAAAAAAAAAAAA2", status: "Active" }],
      ...user,
    };
  }

  get arn(): string {
    return `arn:aws:iam::${account}:user/${this.user.name}`;
  }

  private readonly set = (list: { id: string; status: string }[], id: string | undefined, input: Input) => {
    const found = list.find((one) => one.id === id);
    if (!found) throw awsError("NoSuchEntityException", `no ${id}`);
    found.status = input.Status ?? "";
  };

  protected readonly makers: Readonly<Record<string, (input: Input) => void>> = {
    AttachUserPolicy: ({ PolicyArn = "" }) => {
      const { attached } = this.user;
      if (attached.includes(PolicyArn)) return;
      if (attached.length >= attachedAtMost) throw awsError("LimitExceededException", "Cannot exceed quota");
      attached.push(PolicyArn);
    },
    DetachUserPolicy: ({ PolicyArn }) => {
      this.user.attached = this.user.attached.filter((arn) => arn !== PolicyArn);
    },
    PutUserPermissionsBoundary: ({ PermissionsBoundary }) => {
      this.user.boundary = PermissionsBoundary ?? null;
    },
    UpdateAccessKey: (input) => this.set(this.user.keys, input.AccessKeyId, input),
    UpdateSSHPublicKey: (input) => this.set(this.user.sshKeys, input.SSHPublicKeyId, input),
    UpdateSigningCertificate: (input) => this.set(this.user.certificates, input.CertificateId, input),
    UpdateServiceSpecificCredential: (input) =>
      this.set(this.user.services, input.ServiceSpecificCredentialId, input),
  };

  protected readonly readers: Readonly<Record<string, () => unknown>> = {
    GetUser: () => ({
      User: {
        Arn: this.arn,
        UserName: this.user.name,
        ...(this.user.boundary && { PermissionsBoundary: { PermissionsBoundaryArn: this.user.boundary } }),
      },
    }),
    ListAttachedUserPolicies: () => ({
      AttachedPolicies: this.user.attached.map((PolicyArn) => ({ PolicyArn })),
    }),
    ListAccessKeys: () => ({
      AccessKeyMetadata: this.user.keys.map(({ id, status }) => ({ AccessKeyId: id, Status: status })),
    }),
    ListSSHPublicKeys: () => ({
      SSHPublicKeys: this.user.sshKeys.map(({ id, status }) => ({ SSHPublicKeyId: id, Status: status })),
    }),
    ListSigningCertificates: () => ({
      Certificates: this.user.certificates.map(({ id, status }) => ({ CertificateId: id, Status: status })),
    }),
    ListServiceSpecificCredentials: () => ({
      ServiceSpecificCredentials: this.user.services.map(({ id, status }) => ({
        ServiceSpecificCredentialId: id,
        Status: status,
      })),
    }),
    GetAccessKeyLastUsed: () => ({ UserName: this.user.name }),
    GetLoginProfile: () => {
      throw awsError("NoSuchEntityException", "no password");
    },
    ListMFADevices: () => ({ MFADevices: [] }),
    GetPolicy: () => ({ Policy: { DefaultVersionId: "v1" } }),
    GetPolicyVersion: () => ({
      PolicyVersion: { Document: encodeURIComponent(JSON.stringify(quarantineDocuments["deny-all"])) },
    }),
    SimulatePrincipalPolicy: () => {
      const denied = this.user.attached.includes(denyAll) || this.user.boundary === denyAll;
      const EvalDecision = denied ? "explicitDeny" : "allowed";
      return {
        EvaluationResults: Array.from({ length: 5 }, () => ({ EvalActionName: "any", EvalDecision })),
      };
    },
    LookupEvents: () => ({ Events: [] }),
  };
}

/** One role of IAM, and the writer of cuts with the text of its policy. */
export class SmallRole extends SmallAccount {
  readonly arn = `arn:aws:iam::${account}:role/app`;
  attached: string[];
  boundary: string | null = null;
  cuts = cutText([], new Date());

  constructor(
    attached: readonly string[] = [],
    private readonly clock: () => Date = () => new Date(),
  ) {
    super();
    this.attached = [...attached];
  }

  /** What there is, without times that differ from run to run. */
  get state(): unknown {
    const { attached, boundary } = this;
    return { attached, boundary, cuts: [...new Set(cutsOf(this.cuts).map(subjectOf))] };
  }

  protected readonly makers: SmallAccount["makers"] = {
    AttachRolePolicy: ({ PolicyArn = "" }) => {
      if (this.attached.includes(PolicyArn)) return;
      if (this.attached.length >= attachedAtMost)
        throw awsError("LimitExceededException", "Cannot exceed quota");
      this.attached.push(PolicyArn);
    },
    DetachRolePolicy: ({ PolicyArn }) => {
      this.attached = this.attached.filter((arn) => arn !== PolicyArn);
    },
    PutRolePermissionsBoundary: ({ PermissionsBoundary }) => {
      this.boundary = PermissionsBoundary ?? null;
    },
  };

  protected readonly readers: SmallAccount["readers"] = {
    GetRole: () => ({
      Role: {
        Arn: this.arn,
        RoleId: "AROAAAAAAAAAAAAAAAAA2",
        RoleName: "app",
        AssumeRolePolicyDocument: encodeURIComponent('{"Statement":[]}'),
        ...(this.boundary && { PermissionsBoundary: { PermissionsBoundaryArn: this.boundary } }),
      },
    }),
    ListAttachedRolePolicies: () => ({ AttachedPolicies: this.attached.map((PolicyArn) => ({ PolicyArn })) }),
    GetPolicy: () => ({ Policy: { DefaultVersionId: "v1" } }),
    GetPolicyVersion: () => ({
      PolicyVersion: { Document: encodeURIComponent(JSON.stringify(quarantineDocuments["deny-all"])) },
    }),
    SimulatePrincipalPolicy: () => {
      const denied = this.attached.includes(denyAll) || this.boundary === denyAll;
      const EvalDecision = denied ? "explicitDeny" : "allowed";
      return {
        EvaluationResults: Array.from({ length: 5 }, () => ({ EvalActionName: "any", EvalDecision })),
      };
    },
    LookupEvents: () => ({ Events: [] }),
    Invoke: ({ Payload = "{}" }) => {
      const { add = [], lift = [] } = JSON.parse(Payload) as CutRequest;
      const before = this.cuts;
      const kept = cutsOf(before).filter((cut) => !lift.some((lifted) => sameCut(lifted, cut)));
      this.cuts = cutText([...kept, ...add], this.clock());
      if (this.cuts !== before) this.changes.push("UpdatePolicy");
      const answer = {
        changed: this.cuts !== before,
        before,
        after: this.cuts,
        cuts: cutsOf(this.cuts),
        now: utc(this.clock()),
      };
      return { Payload: new TextEncoder().encode(JSON.stringify(answer)) };
    },
  };
}

export const awsError = (name: string, message: string): Error => Object.assign(new Error(message), { name });

interface SettingOptions {
  readonly between?: Between;
  readonly ledger?: Ledger;
  readonly now?: Date;
  readonly actor?: string;
}

/** What steps are given on a small AWS: no waiting, and the present time unless another is wanted. */
export function smallSetting(
  aws: SmallAccount,
  { between, ledger, now, actor }: SettingOptions = {},
): Setting {
  const clients = aws.clients(between);
  return {
    kit: { ...kitOf(landscape), regions: ["us-east-1"] },
    account: async () => clients,
    sts: () => Promise.reject(new Error("not needed")),
    clock: { ...impatientClock, ...(now && { now: () => now }) },
    ledger: ledger ?? new MemoryLedger(),
    actor: actor ?? "emergency-1",
    caseId: "CASE-1",
  };
}
