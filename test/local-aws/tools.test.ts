import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MissingTool, terraformCommand } from "../../cli/terraform";
import { localEnvironment, localProcessEnvironment } from "./environment";
import { SessionFolder } from "./session";
import { emulatorCommand, findProviderMirror } from "./tools";

let directory: string;
const environment = { ...process.env };

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "ir-kit-tools-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  process.env = { ...environment };
});

function program(name: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

describe("the tools of the local AWS", () => {
  it("are named with the command that installs them where they are missing", () => {
    process.env.PATH = directory;
    expect(emulatorCommand).toThrow(MissingTool);
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
    const mirror = (...parts: string[]) => {
      const root = path.join(directory, ...parts);
      mkdirSync(path.join(root, "registry.terraform.io", "hashicorp", "aws"), { recursive: true });
      return root;
    };
    expect(findProviderMirror([directory])).toBeUndefined();
    mirror("a", "b", "c", "d", "e", "too-deep");
    expect(findProviderMirror([directory])).toBeUndefined();
    const found = mirror("x", "plugins");
    expect(findProviderMirror([directory])).toBe(found);
    process.env.IR_KIT_PROVIDER_MIRROR = "/elsewhere";
    expect(findProviderMirror([directory])).toBe("/elsewhere");
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
