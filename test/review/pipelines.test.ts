import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { type Run, run } from "../../cli/terraform";
import { repository } from "../support/repository";

interface GitHubJob {
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string;
}
interface GitLabJob {
  readonly script: readonly string[];
}

const read = (name: string) => parse(readFileSync(path.join(repository, "docs", "pipelines", name), "utf8"));
const gitHub = read("github-actions.yml") as {
  readonly jobs: Readonly<Record<"review" | "deploy", GitHubJob>>;
};
const gitLab = read("gitlab-ci.yml") as Readonly<Record<"review" | "deploy", GitLabJob>>;

const gitHubScript = (job: "review" | "deploy") => gitHub.jobs[job].steps.flatMap((step) => step.run ?? []);

/** What the pipelines call beside the kit: what stands and what would stand, and a note of what was deployed. */
const programs = (kit: string): Readonly<Record<string, string>> => ({
  npm: "exit 0",
  git: "mkdir stands",
  npx: `
case "$1 $2" in
  "cdktf synth")
    source=$([ "$(basename "$PWD")" = stands ] && echo "$STOOD" || echo "$STANDS_NOW")
    rm -rf cdktf.out
    mkdir -p cdktf.out/stacks/main
    printf '%s' "$source" > cdktf.out/stacks/main/cdk.tf.json ;;
  "cdktf deploy") echo "$*" >> deployed ;;
  "ir-kit review") shift; exec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(kit, "bin", "ir-kit.js"))} "$@" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac`,
});

const queue = (more: object) => JSON.stringify({ resource: { aws_sqs_queue: { q: more } } });
const good = queue({ kms_master_key_id: "alias/a" });
const other = queue({ kms_master_key_id: "alias/b" });
const bad = queue({ sqs_managed_sse_enabled: false });

describe.each([
  ["GitHub Actions", gitHubScript("review"), gitHubScript("deploy")],
  ["GitLab", gitLab.review.script, gitLab.deploy.script],
])("the pipeline of %s", (_name, review, deploy) => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), "ir-kit-pipeline-"));
    mkdirSync(path.join(directory, "bin"));
    for (const [name, text] of Object.entries(programs(repository))) {
      const file = path.join(directory, "bin", name);
      writeFileSync(file, `#!/bin/bash\n${text}\n`);
      chmodSync(file, 0o755);
    }
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Runs the steps of a job, each as its runner would, and stops at the first that fails. */
  async function job(steps: readonly string[], now: string): Promise<Run | undefined> {
    const environment = {
      PATH: `${path.join(directory, "bin")}:${process.env.PATH}`,
      STANDS_NOW: now,
      STOOD: good,
      STANDS: "a commit",
      CI_COMMIT_BEFORE_SHA: "a commit",
      AWS_TOKEN: "token",
      DEPLOY_ROLE: "arn:aws:iam::111111111111:role/deploy",
      GITHUB_STEP_SUMMARY: path.join(directory, "summary"),
      NO_COLOR: "1",
    };
    for (const step of steps) {
      const result = await run("bash", ["-eo", "pipefail", "-c", step.replaceAll("/tmp/token", "token")], {
        directory,
        environment,
      });
      if (result.exitCode !== 0) return result;
    }
    return undefined;
  }

  const deployed = () => existsSync(path.join(directory, "deployed"));

  it("deploys what was reviewed", async () => {
    expect(await job(review, other)).toBeUndefined();
    for (const format of ["json", "html", "markdown"]) {
      expect(readFileSync(path.join(directory, "review", `report.${format}`), "utf8")).toContain("main");
    }
    const { changes } = JSON.parse(readFileSync(path.join(directory, "review", "report.json"), "utf8"));
    expect(changes.resources.changed).toHaveLength(1);
    expect(await job(deploy, other)).toBeUndefined();
    expect(deployed()).toBe(true);
  });

  it("deploys nothing that was not", async () => {
    await job(review, good);
    const stopped = await job(deploy, other);
    expect([stopped?.exitCode, stopped?.stdout]).toEqual([1, "main changed since the review\n"]);
    expect(deployed()).toBe(false);
  });

  it("stops at what has to change, with its reports written", async () => {
    const stopped = await job(review, bad);
    expect([stopped?.exitCode, stopped?.stdout]).toEqual([1, expect.stringContaining("queue-encrypted")]);
    expect(existsSync(path.join(directory, "review", "report.json"))).toBe(true);
  });
});

describe("the pipeline of GitHub Actions, by what it may", () => {
  it("gives who reviews no way to deploy, and who deploys an approval", () => {
    expect(gitHub.jobs.review.permissions).not.toHaveProperty("id-token");
    expect(gitHub.jobs.deploy).toMatchObject({ needs: "review", environment: "production" });
  });

  it("calls others' actions by their commits", () => {
    const used = Object.values(gitHub.jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used.length).toBeGreaterThan(4);
    for (const each of used) expect(each).toMatch(/@[0-9a-f]{40}$/);
  });
});
