import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../../cli/terraform";
import { platformName, toolsFolder } from "./folder";
import type { Search } from "./found";
import { remembered, stampOf } from "./memo";
import { pins } from "./pins";
import { judge, readReceipt } from "./receipts";

export const kitTerraformVersion: string = pins.terraform.version;

export const kitTerraformFolder = (): string =>
  path.join(toolsFolder(), `terraform-${kitTerraformVersion}-${platformName()}`);

const oldest = [1, 10] as const;

/** Terraform or OpenTofu on the PATH, 1.10 or later; else the one that the kit has brought. */
export function searchTerraform(): Search {
  const named = process.env.TERRAFORM_BINARY_NAME;
  if (named !== undefined) return searchNamed(named);
  const reasons: string[] = [];
  for (const name of ["terraform", "tofu"]) {
    const program = findProgram(name);
    if (program === undefined || program.startsWith(toolsFolder() + path.sep)) continue;
    const version = versionOf(program);
    if (recent(version)) return found(program, version, "PATH");
    reasons.push(tooOld(program, version));
  }
  const passedOver = reasons.length > 0 ? { passedOver: reasons.join("; ") } : {};
  return { ...kitTerraform(), ...passedOver };
}

function searchNamed(name: string): Search {
  const program = name.includes(path.sep) ? name : findProgram(name);
  if (program === undefined)
    return { named: true, passedOver: `${name}, which TERRAFORM_BINARY_NAME names, is not on the PATH` };
  const version = versionOf(program);
  if (!recent(version)) return { named: true, passedOver: tooOld(program, version) };
  return found(program, version, "environment variable");
}

function kitTerraform(): Search {
  const folder = kitTerraformFolder();
  const receipt = readReceipt(folder);
  const program = path.join(folder, "bin", "terraform");
  if (!receipt || !existsSync(program) || statSync(program).size !== receipt.size) return {};
  const verdict = judge(receipt.digests, pins.terraform.platforms[platformName() ?? ""]);
  if (verdict === "wrong") return {};
  return {
    found: { name: "terraform", version: kitTerraformVersion, path: program, origin: "kit", verdict },
  };
}

const found = (program: string, version = "", origin: "PATH" | "environment variable"): Search => ({
  found: { name: "terraform", version, path: program, origin, verdict: "as found" },
});

const tooOld = (program: string, version: string | undefined): string =>
  version === undefined
    ? `${program} does not tell its version`
    : `${program} is version ${version}; ${oldest.join(".")} or later is needed`;

function recent(version: string | undefined): version is string {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

const versionOf = (program: string): string | undefined =>
  remembered({ key: program, stamp: stampOf(program), ask: () => askVersion(program) });

function askVersion(program: string): string | undefined {
  const { stdout, status } = spawnSync(program, ["version", "-json"], {
    encoding: "utf8",
    timeout: 20_000,
    killSignal: "SIGKILL",
    // The machine's configuration may name a file that doesn't exist.
    env: { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (status !== 0) return undefined;
  try {
    return (JSON.parse(stdout) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}
