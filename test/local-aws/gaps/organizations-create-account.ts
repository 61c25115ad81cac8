import { AttachRolePolicyCommand } from "@aws-sdk/client-iam";
import { jsonAnswer } from "../protocol";
import { type Gap, isCall } from "./gap";

export const organizationsCreateAccount: Gap = {
  id: "organizations-create-account",
  kind: "completed",
  resources: ["aws_organizations_account"],
  because: "the emulator makes the access role of a new account without AWS's administrator policy on it",
  concerns: isCall("organizations", "CreateAccount"),
  answer: async (call, { forward, accounts }) => {
    const answer = await forward(call);
    if (answer.status !== 200) return answer;
    const { CreateAccountStatus } = JSON.parse(answer.body.toString()) as {
      CreateAccountStatus: { AccountId: string };
    };
    await accounts.iam(CreateAccountStatus.AccountId).send(
      new AttachRolePolicyCommand({
        RoleName: String(call.parameters.RoleName ?? "OrganizationAccountAccessRole"),
        PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    );
    return jsonAnswer({ CreateAccountStatus });
  },
};
