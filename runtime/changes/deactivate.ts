import {
  ListAccessKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  UpdateAccessKeyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from "@aws-sdk/client-iam";
import type { AccountClients } from "../shared/setting";
import type { Change } from "./change";

export type UserCredential = { readonly user: string; readonly id: string };
/** `null` where the credential is gone. */
export type CredentialStatus = { readonly status: string | null };
type NewStatus = "Active" | "Inactive";

interface Kind {
  readonly name: string;
  readonly updating: string;
  readonly list: (clients: AccountClients, user: string) => Promise<[id: string, status: string][]>;
  readonly update: (
    clients: AccountClients,
    credential: UserCredential,
    status: NewStatus,
  ) => Promise<unknown>;
}

/** A credential that is switched off and kept: it is reversible, and its id is evidence. */
const deactivation = ({ name, updating, list, update }: Kind): Change<UserCredential, CredentialStatus> => ({
  action: updating,
  title: ({ id }) => `${name} ${id} deactivated`,
  undo: { kind: "when-told", because: "an attacker held it; make a new one in its place" },
  read: async (clients, { user, id }) => ({
    status: (await list(clients, user)).find(([one]) => one === id)?.[1] ?? null,
  }),
  holds: ({ status }) => status !== "Active",
  make: async (clients, credential) => {
    await update(clients, credential, "Inactive");
  },
  unmake: async (clients, credential, { status }) => {
    if (status === "Active") await update(clients, credential, "Active");
  },
});

export const deactivateAccessKey = deactivation({
  name: "access key",
  updating: "iam:UpdateAccessKey",
  list: async ({ iam }, UserName) => {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    return AccessKeyMetadata.map(({ AccessKeyId = "", Status = "" }) => [AccessKeyId, Status]);
  },
  update: ({ iam }, { user: UserName, id: AccessKeyId }, Status) =>
    iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status })),
});

export const deactivateSshKey = deactivation({
  name: "SSH key",
  updating: "iam:UpdateSSHPublicKey",
  list: async ({ iam }, UserName) => {
    const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
    return SSHPublicKeys.map(({ SSHPublicKeyId = "", Status = "" }) => [SSHPublicKeyId, Status]);
  },
  update: ({ iam }, { user: UserName, id: SSHPublicKeyId }, Status) =>
    iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status })),
});

export const deactivateCertificate = deactivation({
  name: "signing certificate",
  updating: "iam:UpdateSigningCertificate",
  list: async ({ iam }, UserName) => {
    const { Certificates = [] } = await iam.send(new ListSigningCertificatesCommand({ UserName }));
    return Certificates.map(({ CertificateId = "", Status = "" }) => [CertificateId, Status]);
  },
  update: ({ iam }, { user: UserName, id: CertificateId }, Status) =>
    iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status })),
});

export const deactivateServiceCredential = deactivation({
  name: "service-specific credential",
  updating: "iam:UpdateServiceSpecificCredential",
  list: async ({ iam }, UserName) => {
    const { ServiceSpecificCredentials = [] } = await iam.send(
      new ListServiceSpecificCredentialsCommand({ UserName }),
    );
    return ServiceSpecificCredentials.map(({ ServiceSpecificCredentialId = "", Status = "" }) => [
      ServiceSpecificCredentialId,
      Status,
    ]);
  },
  update: ({ iam }, { user: UserName, id: ServiceSpecificCredentialId }, Status) =>
    iam.send(new UpdateServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId, Status })),
});
