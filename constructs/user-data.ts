import { kitFile } from "../landscape/kit-folder";
import type { Tool } from "../landscape/model";

/** What a machine on which evidence is looked at is told at its first start. */
export interface MachineSetting {
  readonly region: string;
  readonly toolsBucket: string;
  readonly tools: readonly Tool[];
  readonly logGroup: string;
}

/** Bytes before encoding. Source: "Run commands when you launch an EC2 instance with user data input". */
export const userDataLimit = 16_384;

/** As a shell takes it literally. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Text of user data for Linux, as cloud-init runs it once, as root. */
export function linuxUserData({ region, toolsBucket, tools, logGroup }: MachineSetting): string {
  const lines = tools
    .filter(({ platform }) => platform === "linux")
    .map(({ sha256, key }) => `${sha256} ${key}`);
  return [
    "#!/bin/bash",
    `IR_KIT_REGION=${quoted(region)}`,
    `IR_KIT_TOOLS_BUCKET=${quoted(toolsBucket)}`,
    `IR_KIT_TOOLS=${quoted(lines.join("\n"))}`,
    `IR_KIT_LOG_GROUP=${quoted(logGroup)}`,
    kitFile("machines", "linux.sh"),
  ].join("\n");
}

/** As PowerShell takes it literally. */
const literalText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Text of user data for Windows, as EC2Launch runs it once, as administrator. */
export function windowsUserData({ region, toolsBucket, tools, logGroup }: MachineSetting): string {
  const listed = tools
    .filter(({ platform }) => platform === "windows")
    .map(({ sha256, key }) => `@{ sha256 = ${literalText(sha256)}; key = ${literalText(key)} }`);
  return [
    "<powershell>",
    `$IrKitRegion = ${literalText(region)}`,
    `$IrKitToolsBucket = ${literalText(toolsBucket)}`,
    `$IrKitTools = @(${listed.join(", ")})`,
    `$IrKitLogGroup = ${literalText(logGroup)}`,
    kitFile("machines", "windows.ps1"),
    "</powershell>",
    "",
  ].join("\n");
}
