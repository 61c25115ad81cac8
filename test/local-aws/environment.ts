import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { managementKeys } from "./accounts";
import { kitProviderFolder } from "./tool-cache/mirrors";
import { findProviderMirror } from "./tools";

/** Variables that make Terraform, cdktf, the AWS CLI and every AWS SDK talk to the local AWS and to nothing else. */
export function localEnvironment(port: number, region: string, directory: string): Record<string, string> {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: managementKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: managementKeys.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    // S3 Control puts the account before the host name, which resolves nowhere: the front is its proxy too.
    HTTP_PROXY: endpoint,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: terraformConfiguration(directory),
    TF_IN_AUTOMATION: "1",
  };
}

/** The process's own variables with the local ones on top, and without those that would lead to a real account. */
export function localProcessEnvironment(local: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const harmless = (name: string) =>
    (!name.startsWith("AWS_") && name !== "TF_REATTACH_PROVIDERS") ||
    name === "AWS_CA_BUNDLE" ||
    name.startsWith("AWS_SDK_");
  const inherited = Object.entries(process.env).filter(([name]) => harmless(name));
  return { ...Object.fromEntries(inherited), ...local, CI: "1" };
}

/** A Terraform CLI configuration of our own: the machine's may name a file that doesn't exist. */
function terraformConfiguration(directory: string): string {
  const mirror = findProviderMirror();
  const installation = mirror === undefined ? "" : installationFrom(mirror);
  const file = path.join(directory, "terraform.rc");
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, `disable_checkpoint = true\n${installation}`);
  return file;
}

/** The kit's own mirror holds the AWS provider and nothing else: what else a configuration wants is the registry's. */
function installationFrom(mirror: string): string {
  const own = mirror.startsWith(kitProviderFolder() + path.sep);
  const direct = own ? '  direct {\n    exclude = ["registry.terraform.io/hashicorp/aws"]\n  }\n' : "";
  return `provider_installation {\n  filesystem_mirror {\n    path = ${quoted(mirror)}\n  }\n${direct}}\n`;
}

/** A string in Terraform's own language, which has templates in it. */
const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
