import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { administrator } from "../../accounts";
import type { Mutation } from "./mutation";

const stack = "log-archive";
const error = "is not authorized to perform: sts:AssumeRole";

/** Nothing of a stack is reached without its role, so each of these goes alone. */
export const deployRoleMutations: readonly Mutation[] = [
  {
    stack,
    mistakes: [{ name: "deploys by a role that does not exist", refusal: "sts-assume-role", error }],
    apply: (workspace) =>
      workspace.applyMutated(stack, (text) =>
        text.replaceAll("role/OrganizationAccountAccessRole", "role/NoSuchRole"),
      ),
  },
  {
    stack,
    mistakes: [
      { name: "deploys by a role that does not trust the deployer", refusal: "sts-assume-role", error },
    ],
    apply: async (workspace) => {
      const { logArchive, security } = workspace.landscape().accounts;
      const iam = new IAMClient(workspace.client(await administrator(workspace, logArchive.id ?? "")));
      const trust = {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${security.id}:root` },
            Action: "sts:AssumeRole",
          },
        ],
      };
      await iam.send(
        new CreateRoleCommand({ RoleName: "TrustsOthers", AssumeRolePolicyDocument: JSON.stringify(trust) }),
      );
      return workspace.applyMutated(stack, (text) =>
        text.replaceAll("role/OrganizationAccountAccessRole", "role/TrustsOthers"),
      );
    },
  },
];
