import {
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type ResponseLaunchTemplateData,
  type Tag,
} from "@aws-sdk/client-ec2";
import { GetParametersCommand } from "@aws-sdk/client-ssm";
import type { FrontContext } from "./front";
import type { AwsCall } from "./protocol";

/** A launch by a template, with what the request says beside it. */
export interface TemplateLaunch {
  readonly templateId: string;
  readonly templateTags: readonly Tag[];
  readonly data: ResponseLaunchTemplateData;
  /** An image's id, where the template names it by a parameter of SSM. */
  readonly image: string | undefined;
  /** The parameter by which the template names the image. */
  readonly imageParameter: string | undefined;
  /** By type of resource: those of the template, and over them those of the request. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What a launch asks for once its template is looked into; nothing where it names none. Source: "Launch EC2 instances
 * using a launch template" (Amazon EC2 user guide): of tags with the same key the request's counts.
 */
export async function templateLaunch(
  { parameters, region }: AwsCall,
  account: string,
  { accounts }: FrontContext,
): Promise<TemplateLaunch | undefined> {
  const name = parameters["LaunchTemplate.LaunchTemplateName"];
  const id = parameters["LaunchTemplate.LaunchTemplateId"];
  if (name === undefined && id === undefined) return undefined;
  const ec2 = accounts.ec2(account, region);
  const named =
    name === undefined ? { LaunchTemplateIds: [String(id)] } : { LaunchTemplateNames: [String(name)] };
  const { LaunchTemplates: [template] = [] } = await ec2
    .send(new DescribeLaunchTemplatesCommand(named))
    .catch(() => ({ LaunchTemplates: [] }));
  if (!template) return undefined;
  const { LaunchTemplateVersions: [version] = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: template.LaunchTemplateId,
      Versions: [String(parameters["LaunchTemplate.Version"] ?? "$Default")],
    }),
  );
  const data = version?.LaunchTemplateData ?? {};
  const imageParameter = /^resolve:ssm:(.*)$/.exec(data.ImageId ?? "")?.[1];
  return {
    templateId: template.LaunchTemplateId ?? "",
    templateTags: template.Tags ?? [],
    data,
    imageParameter,
    image:
      imageParameter === undefined
        ? data.ImageId
        : await parameterOf(accounts, account, region, imageParameter),
    tags: mergedTags(data, requestedTags(parameters)),
  };
}

async function parameterOf(
  accounts: FrontContext["accounts"],
  account: string,
  region: string,
  name: string,
): Promise<string | undefined> {
  const { Parameters: [found] = [] } = await accounts
    .ssm(account, region)
    .send(new GetParametersCommand({ Names: [name] }));
  return found?.Value;
}

type TagsByType = Record<string, Record<string, string>>;

/** Tags that a creation asks for, by type of resource. */
export function requestedTags(parameters: AwsCall["parameters"]): TagsByType {
  const tags: TagsByType = {};
  for (const [name, key] of Object.entries(parameters)) {
    const [, specification] = /^TagSpecification\.(\d+)\.Tag\.\d+\.Key$/.exec(name) ?? [];
    if (specification === undefined) continue;
    const type = String(parameters[`TagSpecification.${specification}.ResourceType`]);
    tags[type] = { ...tags[type], [String(key)]: String(parameters[name.replace(/Key$/, "Value")] ?? "") };
  }
  return tags;
}

function mergedTags(
  { TagSpecifications = [] }: ResponseLaunchTemplateData,
  requested: TagsByType,
): TagsByType {
  const tags: TagsByType = { ...requested };
  for (const { ResourceType = "", Tags = [] } of TagSpecifications) {
    // The template's own, which the emulator tells among them.
    if (ResourceType === "launch-template") continue;
    const ofTemplate = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    tags[ResourceType] = { ...ofTemplate, ...requested[ResourceType] };
  }
  return tags;
}
