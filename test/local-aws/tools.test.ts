import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MissingTool, terraformCommand } from "../../cli/terraform";
import { localEnvironment, localProcessEnvironment } from "./environment";
import { SessionFolder } from "./session";
import { searchEmulator } from "./tool-cache/emulator";
import { platformName } from "./tool-cache/folder";
import { searchProvider, useTools } from "./tool-cache/survey";
import { searchTerraform } from "./tool-cache/terraform";
import { emulatorCommand, findProviderMirror, providerBinary, providerVersion } from "./tools";

let directory: string;
const environment = { ...process.env };

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ir-kit-tools-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  process.env = { ...environment };
});

function program(name: string, script = ""): string {
  const file = path.join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A mirror that holds one version of the AWS provider, unpacked. */
function mirrorOf(version: string, ...parts: string[]): string {
  const root = path.join(directory, ...parts);
  const folder = path.join(root, "registry.terraform.io", "hashicorp", "aws", version, platformName() ?? "");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `terraform-provider-aws_v${version}_x5`), "program", { mode: 0o755 });
  return root;
}

describe("the tools of the local AWS", () => {
  it("are named with the command that installs them where they are missing", () => {
    process.env.PATH = directory;
    process.env.XDG_CACHE_HOME = directory;
    expect(emulatorCommand).toThrow(MissingTool);
    expect(emulatorCommand).toThrow("`npm run tools` brings it");
    expect(emulatorCommand).toThrow("python3 -m pip install 'moto[server]==5.2.1'");
    expect(terraformCommand).toThrow(MissingTool);
    expect(terraformCommand).toThrow(
      "neither terraform nor tofu is on the PATH; install Terraform 1.10 or later",
    );
  });

  it("are Terraform, else OpenTofu, or what TERRAFORM_BINARY_NAME says", () => {
    process.env.PATH = directory;
    const tofu = program("tofu");
    expect(terraformCommand()).toBe(tofu);
    const terraform = program("terraform");
    expect(terraformCommand()).toBe(terraform);
    process.env.TERRAFORM_BINARY_NAME = "tofu";
    expect(terraformCommand()).toBe(tofu);
    process.env.TERRAFORM_BINARY_NAME = "nothing";
    expect(terraformCommand).toThrow("nothing is not on the PATH");
  });

  it("include a provider mirror where one is found, five folders deep and no deeper", () => {
    delete process.env.IR_KIT_PROVIDER_MIRROR;
    process.env.XDG_CACHE_HOME = directory;
    const mirror = (...parts: string[]) => mirrorOf(providerVersion, ...parts);
    expect(findProviderMirror([directory])).toBeUndefined();
    mirror("a", "b", "c", "d", "e", "too-deep");
    expect(findProviderMirror([directory])).toBeUndefined();
    const found = mirror("x", "plugins");
    expect(findProviderMirror([directory])).toBe(found);
    process.env.IR_KIT_PROVIDER_MIRROR = "/elsewhere";
    expect(findProviderMirror([directory])).toBe("/elsewhere");
  });
});

describe("a provider mirror", () => {
  beforeEach(() => {
    delete process.env.IR_KIT_PROVIDER_MIRROR;
    process.env.XDG_CACHE_HOME = directory;
  });

  it("is passed over where it holds another version, or a program that can't run", () => {
    const other = mirrorOf("5.99.0", "other");
    expect(findProviderMirror([directory])).toBeUndefined();
    process.env.IR_KIT_PROVIDER_MIRROR = other;
    expect(searchProvider()).toMatchObject({ named: true });
    expect(searchProvider().passedOver).toContain("holds the AWS provider 5.99.0, and no 5.100.0");
    expect(providerBinary()).toBeUndefined();

    const empty = mirrorOf(providerVersion, "empty");
    process.env.IR_KIT_PROVIDER_MIRROR = empty;
    const program = providerBinary() ?? "";
    expect(path.basename(program)).toBe("terraform-provider-aws_v5.100.0_x5");
    truncateSync(program, 0);
    expect(providerBinary()).toBeUndefined();
    expect(searchProvider().passedOver).toContain("and no 5.100.0 for this machine that can be run");
  });

  it("may be packed, which does for Terraform", () => {
    const folder = path.join(directory, "packed", "registry.terraform.io", "hashicorp", "aws");
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, `terraform-provider-aws_${providerVersion}_${platformName()}.zip`),
      "zip",
    );
    expect(findProviderMirror([directory])).toBe(path.join(directory, "packed"));
    process.env.IR_KIT_PROVIDER_MIRROR = path.join(directory, "packed");
    expect(providerBinary()).toBeUndefined();
    expect(searchProvider().found?.path).toContain(".zip");
  });
});

describe("programs on the PATH", () => {
  beforeEach(() => {
    process.env.PATH = `${directory}:/usr/bin:/bin`;
    process.env.XDG_CACHE_HOME = path.join(directory, "cache");
    for (const name of ["TERRAFORM_BINARY_NAME", "IR_KIT_MOTO_SERVER"]) delete process.env[name];
  });

  const versionScript = (version: string) => `echo '{"terraform_version":"${version}"}'`;

  it("are passed over where Terraform is older than 1.10, and OpenTofu does then", () => {
    const terraform = program("terraform", versionScript("1.9.8"));
    expect(searchTerraform()).toEqual({
      passedOver: `${terraform} is version 1.9.8; 1.10 or later is needed`,
    });
    const tofu = program("tofu", versionScript("1.10.0"));
    expect(searchTerraform().found).toMatchObject({ path: tofu, version: "1.10.0", origin: "PATH" });
  });

  it("are asked again when they have changed", () => {
    program("terraform", versionScript("1.9.8"));
    expect(searchTerraform().found).toBeUndefined();
    program("terraform", versionScript("1.11.0"));
    expect(searchTerraform().found?.version).toBe("1.11.0");
  });

  const moto = (version: string) => {
    const location = path.join(directory, version);
    mkdirSync(path.join(location, `moto-${version}.dist-info`), { recursive: true });
    return program("moto_server", `echo '${JSON.stringify({ version, location })}'`);
  };

  it("are taken as emulator in exactly one version", () => {
    const other = moto("5.1.0");
    expect(searchEmulator().passedOver).toBe(`${other} is of moto 5.1.0; 5.2.1 is needed`);
    expect(emulatorCommand).toThrow("is of moto 5.1.0; 5.2.1 is needed; `npm run tools` brings it");
    process.env.IR_KIT_MOTO_SERVER = other;
    expect(emulatorCommand).toThrow("which IR_KIT_MOTO_SERVER names, is of moto 5.1.0");
    delete process.env.IR_KIT_MOTO_SERVER;
    expect(emulatorCommand).toThrow(MissingTool);
    const right = moto("5.2.1");
    expect(emulatorCommand()).toBe(right);
    // The package behind a wrapper that stays as it is.
    rmSync(path.join(directory, "5.2.1"), { recursive: true });
    writeFileSync(right, "#!/bin/sh\n".padEnd(statSync(right).size));
    expect(searchEmulator().found).toBeUndefined();
  });

  it("include Terraform of the kit only where the local AWS is to use it", () => {
    const kit = { name: "terraform", version: "1.11.4", origin: "kit", verdict: "verified" } as const;
    const found = { ...kit, path: path.join(directory, "kit", "bin", "terraform") };
    const before = process.env.PATH;
    useTools({ terraform: {}, provider: {}, emulator: {} });
    expect(process.env.PATH).toBe(before);
    for (let twice = 0; twice < 2; twice++) useTools({ terraform: { found }, provider: {}, emulator: {} });
    expect(process.env.PATH).toBe(`${path.dirname(found.path)}:${before}`);
  });
});

describe("the environment of the local AWS", () => {
  it("leaves nothing that leads to a real account", () => {
    process.env.AWS_PROFILE = "production";
    process.env.AWS_SESSION_TOKEN = "secret";
    process.env.AWS_ENDPOINT_URL_S3 = "https://s3.example.com";
    const local = localProcessEnvironment(localEnvironment(1234, "eu-west-1", directory));
    const aws = Object.keys(local).filter((name) => name.startsWith("AWS_"));
    expect(aws).not.toEqual(expect.arrayContaining(["AWS_PROFILE"]));
    expect(aws).not.toEqual(expect.arrayContaining(["AWS_SESSION_TOKEN"]));
    expect(aws).not.toEqual(expect.arrayContaining(["AWS_ENDPOINT_URL_S3"]));
    expect(local.AWS_ENDPOINT_URL).toBe("http://127.0.0.1:1234");
    expect(existsSync(local.TF_CLI_CONFIG_FILE ?? "")).toBe(true);
  });
});

describe("the folder of npm start", () => {
  const session = {
    port: 1,
    processId: 1,
    managementAccount: "111111111111",
    startedAt: "2026-01-01T00:00:00Z",
    providers: {},
    lanes: 2,
  };

  it("is not trusted when nobody answers any more, and is set aside whole", async () => {
    const folder = new SessionFolder(path.join(directory, ".local-aws"));
    expect(folder.setAside()).toBeUndefined();
    folder.write(session);
    mkdirSync(folder.stateDirectory);
    writeFileSync(path.join(folder.stateDirectory, "trail.tfstate"), "{}");
    expect(await folder.running()).toBeUndefined();
    const aside = folder.setAside() ?? "";
    expect(existsSync(path.join(aside, "state", "trail.tfstate"))).toBe(true);
    expect(existsSync(path.join(aside, "session.json"))).toBe(true);
    expect(folder.read()).toBeUndefined();
    expect(folder.setAside()).toBeUndefined();
  });
});
