import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { synthesize } from "../stacks/synthesize";
import { exampleLandscape } from "../test/support/landscapes";
import { repository } from "../test/support/repository";
import { type Measurement, median, milliseconds } from "./measurement";
import type { Scratch } from "./scratch";

const program = path.join(repository, "bin", "ir-kit.js");
const rounds = 3;

/** From the start of a process to its report: what a review costs where it runs at every save. */
export function review({ directory: scratch }: Scratch): Measurement[] {
  const example = exampleStacks(scratch);
  const [small, medium, large] = [20, 2000, 20_000].map((count) => planOf(scratch, count)) as [
    string,
    string,
    string,
  ];
  const changed = changedPlanOf(medium);
  const parse = ["-e", `JSON.parse(require("node:fs").readFileSync(${JSON.stringify(large)}, "utf8"))`];
  const work = {
    example: [program, "review", example, "--fail-on", "none"],
    small: [program, "review", "--plan", small, "--fail-on", "none"],
    medium: [program, "review", "--plan", medium, "--fail-on", "none"],
    since: [program, "review", "--plan", medium, "--since", changed, "--fail-on", "none"],
    large: [program, "review", "--plan", large, "--fail-on", "none"],
    parse,
  };
  const times = Object.fromEntries(Object.keys(work).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, args] of Object.entries(work)) {
      const time = milliseconds(() => output(args));
      // The first round fills what is kept.
      if (round > 0) times[name]?.push(time);
    }
  }
  const of = (name: keyof typeof work): number => median(times[name] ?? []);
  const evaluations = evaluationsOf(large);
  const perResource = (of("large") - of("small")) / 20_000;
  const line = (
    name: string,
    baseline: string,
    ratio: number,
    goal: number,
    detail: string,
  ): Measurement => ({
    what: `review, cold: ${name}`,
    baseline,
    ratio,
    goal,
    detail,
  });
  return [
    line("the example", "400 ms", of("example") / 400, 1, `${of("example").toFixed(0)} ms`),
    line("a plan of 2,000 resources", "one second", of("medium") / 1000, 1, `${of("medium").toFixed(0)} ms`),
    line(
      "what access changed in it, where each of its 400 policies changed",
      "two seconds",
      of("since") / 2000,
      1,
      `${of("since").toFixed(0)} ms`,
    ),
    line(
      "a plan of 20,000 resources",
      "JSON.parse of it, cold",
      of("large") / of("parse"),
      3,
      `${of("large").toFixed(0)} ms of ${of("parse").toFixed(0)} ms, ${(evaluations / (of("large") / 1000)).toFixed(0)} evaluations a second`,
    ),
    line(
      "a resource among 20,000",
      "one among 2,000",
      perResource / ((of("medium") - of("small")) / 2000),
      1.3,
      `${(perResource * 1000).toFixed(0)} µs a resource`,
    ),
  ];
}

function exampleStacks(scratch: string): string {
  const out = path.join(scratch, "review-example");
  synthesize(exampleLandscape(), { deployed: undefined, directory: out });
  return out;
}

function output(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: repository,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  return stdout;
}

function evaluationsOf(plan: string): number {
  const json = output([program, "review", "--plan", plan, "--fail-on", "none", "--format", "json"]);
  const { summary } = JSON.parse(json) as { summary: Record<string, number> };
  return ["passed", "failed", "waived", "cannotTell", "notApplicable"].reduce(
    (sum, name) => sum + (summary[name] ?? 0),
    0,
  );
}

/** A plan as Terraform writes it of an ordinary estate: a fifth buckets with their settings, a fifth roles with policies. */
function planOf(scratch: string, count: number): string {
  const kinds: readonly ((index: number) => readonly [type: string, after: object])[] = [
    (index) => [
      "aws_s3_bucket",
      { bucket: `bench-${index}`, force_destroy: false, tags: { owner: "bench" } },
    ],
    (index) => [
      "aws_s3_bucket_public_access_block",
      {
        bucket: `bench-${index - 1}`,
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      },
    ],
    (index) => ["aws_iam_policy", { name: `bench-${index}`, policy: JSON.stringify(policyOf(index)) }],
    (index) => ["aws_sqs_queue", { name: `bench-${index}`, kms_master_key_id: "alias/bench", policy: null }],
    (index) => [
      "aws_security_group",
      {
        name: `bench-${index}`,
        ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/8"] }],
      },
    ],
  ];
  const changes = Array.from({ length: count }, (_, index) => {
    const [type, after] = (kinds[index % kinds.length] as (typeof kinds)[number])(index);
    return {
      address: `${type}.r${index}`,
      mode: "managed",
      type,
      name: `r${index}`,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions: ["create"],
        before: null,
        after,
        after_unknown: { id: true, arn: true, tags_all: true },
        before_sensitive: false,
        after_sensitive: { tags: {}, tags_all: {} },
      },
    };
  });
  const file = path.join(scratch, `plan-${count}.json`);
  writeFileSync(
    file,
    JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.11.4",
      planned_values: {
        root_module: {
          resources: changes.map(({ address, type, name, change }) => ({
            address,
            type,
            name,
            values: change.after,
          })),
        },
      },
      resource_changes: changes,
      configuration: {
        root_module: {
          resources: changes.map(({ address, type, change }) => ({
            address,
            type,
            expressions: Object.fromEntries(
              Object.entries(change.after).map(([name, value]) => [name, { constant_value: value }]),
            ),
          })),
        },
      },
    }),
  );
  return file;
}

/** The same plan before each policy allowed one action more. */
function changedPlanOf(plan: string): string {
  const earlier = plan.replace(/\.json$/, "-before.json");
  writeFileSync(earlier, readFileSync(plan, "utf8").replaceAll("ec2:DescribeVolumes", "ec2:DescribeImages"));
  return earlier;
}

const policyOf = (index: number) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["ec2:DescribeInstances", "ec2:DescribeVolumes"], Resource: "*" },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: `arn:aws:iam::111122223333:role/bench-${index}`,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
  ],
});
