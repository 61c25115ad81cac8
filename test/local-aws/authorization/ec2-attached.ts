import { DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import { each, type Part } from "./ec2-resources";
import { isTagging, referenceTypes } from "./reference";
import type { Lookup } from "./request";

/**
 * What hangs on the interfaces that a call names: EC2 asks about the instance and the subnet too, where its service
 * reference names them for the action. For tagging it names whatever can be tagged, and EC2 asks about what is.
 */
export async function attachedParts(lookup: Lookup, action: string, parts: readonly Part[]): Promise<Part[]> {
  if (await isTagging(action)) return [];
  const types = (await referenceTypes(action)) ?? [];
  const interfaces = parts.flatMap(({ action: other, resource }) =>
    other === undefined ? (/:network-interface\/(eni-.+)$/.exec(resource)?.slice(1) ?? []) : [],
  );
  if (interfaces.length === 0) return [];
  const { NetworkInterfaces = [] } = await lookup.context.accounts
    .ec2(lookup.account, lookup.call.region)
    .send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: interfaces }))
    .catch(() => ({ NetworkInterfaces: [] }));
  const touched = NetworkInterfaces.flatMap(({ Attachment, SubnetId }) => [
    ...(Attachment?.InstanceId === undefined ? [] : [`instance/${Attachment.InstanceId}`]),
    ...(SubnetId === undefined ? [] : [`subnet/${SubnetId}`]),
  ]);
  const asked = new Set(parts.map(({ resource }) => resource.slice(resource.lastIndexOf(":") + 1)));
  return each(
    lookup,
    [...new Set(touched)].filter(
      (resource) => !asked.has(resource) && types.some(({ name }) => resource.startsWith(`${name}/`)),
    ),
  );
}
