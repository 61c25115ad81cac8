import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EmulatedOrganization } from "../../proofs/walkthroughs/organization";
import { repository } from "../../support/repository";
import { describeWithEmulator } from "../../support/with-tools";

const document = readFileSync(path.join(repository, "docs", "first-response.md"), "utf8");
const commands = /```sh\n([\s\S]*?)```/.exec(document)?.[1] ?? "";

describeWithEmulator("docs/first-response.md", () => {
  let organization: EmulatedOrganization;
  let directory: string;

  beforeAll(async () => {
    organization = await EmulatedOrganization.create();
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-document-"));
    prepare(directory, organization);
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await organization.close();
  });

  it("is true, command by command", async () => {
    const { code, output } = await shell(`set -euxo pipefail\n${commands}`, directory);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.match(/CONTAINED after 10 s: (user|role)/g)).toHaveLength(3);
    expect(output).not.toContain("NOT CONTAINED");
    const [before = "", after = ""] = output.split("+ npx ir-kit respond status");
    // Once in the attack itself, then all denied.
    expect(before.match(/attacker: iam:ListUsers with [^:]+: \d+ users/g)).toHaveLength(3);
    expect(
      before.match(/attacker: iam:ListUsers with [^:]+: (AccessDenied|InvalidClientTokenId)/g),
    ).toHaveLength(3);
    expect(after).toContain("5 of 5 changes are in force");
    expect(after.match(/✓ undone/g)).toHaveLength(3);
    expect(after).toContain("# Timeline of CASE-1");
  }, 180_000);

  it("says no where the attack would not be on the local AWS", async () => {
    const { code, output } = await shell("npm run --silent attack", directory, {
      AWS_ENDPOINT_URL: "https://iam.amazonaws.com",
    });
    expect(code).toBe(2);
    expect(output).toContain("The attack is for the local AWS");
  });
});

/** npm takes two seconds to find the command in its own folder each time, which `test/bin/package.test.ts` tries. */
const npx = `#!/bin/sh
[ "$1" = ir-kit ] || { echo "not known here: npx $*" >&2; exit 127; }
shift
exec node bin/ir-kit.js "$@"
`;

/** What `npm start` leaves, in a folder of its own from which the repository's commands can be run. */
function prepare(directory: string, { text, front, responder }: EmulatedOrganization): void {
  for (const name of [
    "bin",
    "scripts",
    "cli",
    "landscape",
    "node_modules",
    "package.json",
    "policies",
    "runtime",
    "stacks",
    "test",
    "tsconfig.json",
    "baseline",
    "constructs",
  ]) {
    symlinkSync(path.join(repository, name), path.join(directory, name));
  }
  const programs = path.join(directory, "programs");
  mkdirSync(programs);
  writeFileSync(path.join(programs, "npx"), npx, { mode: 0o755 });
  const local = path.join(directory, ".local-aws");
  mkdirSync(local);
  writeFileSync(path.join(local, "landscape.yaml"), text);
  const variables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${front.port}`,
    AWS_ACCESS_KEY_ID: responder.accessKeyId,
    AWS_SECRET_ACCESS_KEY: responder.secretAccessKey,
    AWS_REGION: "eu-west-1",
    AWS_EC2_METADATA_DISABLED: "true",
    IR_KIT_CONFIG: path.join(local, "landscape.yaml"),
    NO_COLOR: "1",
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(path.join(local, "responder.sh"), `${lines.join("\n")}\n`);
}

async function shell(script: string, cwd: string, more: NodeJS.ProcessEnv = {}) {
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...environment } = process.env;
  const child = spawn("bash", ["-c", script], {
    cwd,
    env: {
      ...environment,
      PATH: `${path.join(cwd, "programs")}${path.delimiter}${environment.PATH}`,
      ...more,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: unknown) => {
    output += String(chunk);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}
