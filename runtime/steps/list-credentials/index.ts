import {
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
} from "@aws-sdk/client-iam";
import { type Static, Type } from "@sinclair/typebox";
import { utc } from "../../shared/clock";
import { credentialSchema, principalSchema } from "../../shared/contracts";
import { orMissing, reason } from "../../shared/errors";
import type { AccountClients } from "../../shared/setting";
import type { Step } from "../../shared/step";
import { needs } from "./needs";

const input = Type.Object({ principal: principalSchema });

const output = Type.Object({
  credentials: Type.Array(credentialSchema),
  /** Kinds that could not be listed, and why. */
  unknown: Type.Array(Type.String()),
});

type Credential = Static<typeof credentialSchema>;

/** Every credential that a user holds; a role holds none of its own. */
export const listCredentials: Step<typeof input, typeof output> = {
  id: "list-credentials",
  title: "every credential that it holds",
  class: "observe",
  criticality: "best-effort",
  input,
  output,
  needs,
  handle: async (setting, { principal: { kind, account, name } }) => {
    if (kind === "role") return { credentials: [], unknown: [] };
    const clients = await setting.account(account);
    const unknown: string[] = [];
    const lists = await Promise.all(
      Object.entries(listings).map(async ([what, list]) => {
        try {
          return await list(clients, name);
        } catch (error) {
          unknown.push(`${what}: ${reason(error)}`);
          return [];
        }
      }),
    );
    return { credentials: lists.flat(), unknown };
  },
};

type List = (clients: AccountClients, UserName: string) => Promise<Credential[]>;

const listings: Readonly<Record<string, List>> = {
  "access keys": async ({ iam }, UserName) => {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    return Promise.all(
      AccessKeyMetadata.map(async ({ AccessKeyId = "", Status = "", CreateDate }) => {
        // Worth knowing, and no reason to leave a key active.
        const { AccessKeyLastUsed: last } = await iam
          .send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))
          .catch(() => ({ AccessKeyLastUsed: undefined }));
        return {
          kind: "access-key" as const,
          id: AccessKeyId,
          status: Status,
          ...createdAt(CreateDate),
          ...(last?.LastUsedDate && {
            lastUsed: `${utc(last.LastUsedDate)}, ${last.ServiceName} in ${last.Region}`,
          }),
        };
      }),
    );
  },
  "SSH keys": async ({ iam }, UserName) => {
    const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
    return SSHPublicKeys.map(({ SSHPublicKeyId = "", Status = "", UploadDate }) => ({
      kind: "ssh-key",
      id: SSHPublicKeyId,
      status: Status,
      ...createdAt(UploadDate),
    }));
  },
  "signing certificates": async ({ iam }, UserName) => {
    const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName }));
    return Certificates.map(({ CertificateId = "", Status = "", UploadDate }) => ({
      kind: "signing-certificate",
      id: CertificateId,
      status: Status,
      ...createdAt(UploadDate),
    }));
  },
  "service-specific credentials": async ({ iam }, UserName) => {
    const { ServiceSpecificCredentials = [] } = await iam.send(
      new ListServiceSpecificCredentialsCommand({ UserName }),
    );
    return ServiceSpecificCredentials.map((credential) => ({
      kind: "service-specific-credential",
      id: credential.ServiceSpecificCredentialId ?? "",
      status: credential.Status ?? "",
      ...createdAt(credential.CreateDate),
    }));
  },
  "the password": async ({ iam }, UserName) => {
    const profile = await orMissing(iam.send(new GetLoginProfileCommand({ UserName })));
    return profile
      ? [
          {
            kind: "password",
            id: UserName,
            status: "present",
            ...createdAt(profile.LoginProfile?.CreateDate),
          },
        ]
      : [];
  },
  "MFA devices": async ({ iam }, UserName) => {
    const { MFADevices = [] } = await iam.send(new ListMFADevicesCommand({ UserName }));
    return MFADevices.map(({ SerialNumber = "", EnableDate }) => ({
      kind: "mfa-device",
      id: SerialNumber,
      status: "present",
      ...createdAt(EnableDate),
    }));
  },
};

const createdAt = (date: Date | undefined) => (date ? { created: utc(date) } : {});
