import type { FrontContext } from "../front";
import { type AwsAnswer, type AwsCall, dig, parseXml, text } from "../protocol";
import { type Gap, isCall } from "./gap";

type Details = Readonly<Record<string, string>>;

const detailsOf = ({ memory }: FrontContext) => memory("stack-set-details", () => new Map<string, Details>());

export const cloudformationStackSetDetails: Gap = {
  id: "cloudformation-stack-set-details",
  kind: "completed",
  resources: ["aws_cloudformation_stack_set"],
  because: "DescribeStackSet of the emulator omits auto-deployment, capabilities and managed execution",
  concerns: isCall("cloudformation", "CreateStackSet", "UpdateStackSet", "DescribeStackSet"),
  answer: async (call, context) => {
    const answer = await context.forward(call);
    if (answer.status !== 200) return answer;
    if (call.operation === "DescribeStackSet") return complete(answer, detailsOf(context));
    rememberDetails(call, context);
    return answer;
  },
};

/** Keeps what a StackSet was made or updated with, and the emulator forgets. */
export function rememberDetails(call: AwsCall, context: FrontContext): void {
  const details = detailsOf(context);
  const name = String(call.parameters.StackSetName);
  details.set(name, { ...details.get(name), ...written(call) });
}

const written = (call: AwsCall): Details =>
  Object.fromEntries(
    Object.entries(call.parameters)
      .filter(([name]) => /^(AutoDeployment|ManagedExecution|Capabilities)\./.test(name))
      .map(([name, value]) => [name, String(value)]),
  );

function complete(answer: AwsAnswer, details: ReadonlyMap<string, Details>): AwsAnswer {
  const body = answer.body.toString();
  const name = text(
    dig(parseXml(body), "DescribeStackSetResponse", "DescribeStackSetResult", "StackSet", "StackSetName"),
  );
  const known = details.get(name ?? "");
  if (!known) return answer;
  const capabilities = Object.entries(known)
    .filter(([key]) => key.startsWith("Capabilities."))
    .map(([, value]) => `<member>${value}</member>`)
    .join("");
  const added = [
    structure("AutoDeployment", known, ["Enabled", "RetainStacksOnAccountRemoval"]),
    structure("ManagedExecution", known, ["Active"]),
    `<Capabilities>${capabilities}</Capabilities>`,
  ].join("");
  const stripped = ["AutoDeployment", "ManagedExecution", "Capabilities"].reduce(
    (xml, tag) => xml.replace(new RegExp(`<${tag}>[\\s\\S]*?</${tag}>|<${tag}\\s*/>`, "g"), ""),
    body,
  );
  return { ...answer, body: stripped.replace("</StackSet>", `${added}</StackSet>`) };
}

function structure(name: string, details: Details, fields: readonly string[]): string {
  const members = fields.flatMap((field) => {
    const value = details[`${name}.${field}`];
    return value === undefined ? [] : [`<${field}>${value}</${field}>`];
  });
  return members.length === 0 ? "" : `<${name}>${members.join("")}</${name}>`;
}
