import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import { now, organizationState } from "../organization-state";
import type { Gap } from "./gap";

export const ramSharingWithOrganization: Gap = {
  id: "ram-sharing-with-organization",
  kind: "completed",
  resources: ["aws_ram_sharing_with_organization"],
  because: "the emulator neither records trusted access nor makes RAM's service-linked role, as AWS does",
  concerns: (call) =>
    call.service === "ram" && call.path.toLowerCase() === "/enablesharingwithawsorganization",
  answer: async (call, context) => {
    const answer = await context.forward(call);
    if (answer.status !== 200) return answer;
    organizationState(context).trustedAccess.set("ram.amazonaws.com", now());
    await context.accounts
      .iam(context.managementAccount)
      .send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ram.amazonaws.com" }))
      .catch((error: Error) => {
        // It stands already after the first time.
        if (error.name !== "InvalidInputException" && error.name !== "EntityAlreadyExistsException")
          throw error;
      });
    return answer;
  },
};
