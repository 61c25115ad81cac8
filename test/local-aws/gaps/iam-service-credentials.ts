import type { FrontContext } from "../front";
import { queryAnswer, text } from "../protocol";
import { type Gap, isCall } from "./gap";

interface Credential {
  readonly account: string;
  readonly user: string;
  readonly id: string;
  readonly service: string;
  status: string;
}

const credentials = ({ memory }: FrontContext): Credential[] =>
  memory("iam-service-credentials", () => [] as Credential[]);

export const iamServiceCredentials: Gap = {
  id: "iam-service-credentials",
  kind: "answered",
  resources: ["iam:ListServiceSpecificCredentials"],
  because: "the emulator knows no service-specific credentials",
  concerns: isCall(
    "iam",
    "CreateServiceSpecificCredential",
    "ListServiceSpecificCredentials",
    "UpdateServiceSpecificCredential",
  ),
  answer: async (call, context) => {
    const { account } = await context.callers.of(call);
    const { parameters } = call;
    const user = text(parameters.UserName) ?? "";
    const all = credentials(context);
    if (call.operation === "CreateServiceSpecificCredential") {
      const id = `ACCA${String(all.length).padStart(16, "A")}`.replace(/[0189]/g, "B");
      const made = { account, user, id, service: text(parameters.ServiceName) ?? "", status: "Active" };
      all.push(made);
      return queryAnswer(call, `<ServiceSpecificCredential>${fields(made)}</ServiceSpecificCredential>`);
    }
    if (call.operation === "UpdateServiceSpecificCredential") {
      const found = all.find(({ id }) => id === parameters.ServiceSpecificCredentialId);
      if (found) found.status = String(parameters.Status);
      return queryAnswer(call);
    }
    const mine = all.filter((one) => one.account === account && one.user === user);
    return queryAnswer(
      call,
      `<ServiceSpecificCredentials>${mine.map((one) => `<member>${fields(one)}</member>`).join("")}</ServiceSpecificCredentials>`,
    );
  },
};

const fields = ({ user, id, service, status }: Credential) =>
  `<UserName>${user}</UserName><ServiceSpecificCredentialId>${id}</ServiceSpecificCredentialId>` +
  `<ServiceName>${service}</ServiceName><Status>${status}</Status><CreateDate>2026-01-01T00:00:00Z</CreateDate>`;
