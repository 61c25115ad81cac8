import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeVpcEndpointsCommand, type EC2Client, type Instance } from "@aws-sdk/client-ec2";
import { DescribeInstanceInformationCommand } from "@aws-sdk/client-ssm";
import { type Static, Type } from "@sinclair/typebox";
import {
  type AnalysisMachine,
  analysisMachine,
  launchMachine,
  shownAfter,
  whyEnded,
} from "../../changes/analysis";
import { type ChangeResult, make } from "../../changes/change";
import { deposit, jsonFile } from "../../custody/deposit";
import { changeResultSchema } from "../../shared/contracts";
import { NotPossible } from "../../shared/errors";
import { machineArn, machinesOf } from "../../shared/machines";
import type { Step } from "../../shared/step";
import { awaited } from "../../shared/wait";
import { type PreservedCopy, preservedCopies } from "./copies";
import { needs } from "./needs";
import type { AnalysisSetting } from "./place";
import { attachCopies, type WorkingVolume } from "./volumes";

export type { AnalysisPlace, AnalysisSetting } from "./place";

const text = Type.String({ minLength: 1 });

const input = Type.Object({
  /** Whose volumes are looked at; all that the case has preserved, where none is named. */
  instances: Type.Array(text),
  /** How long is waited for EC2 and the machine's start; what is not done by then, the next run goes on with. */
  waitSeconds: Type.Integer({ minimum: 0 }),
});

const output = Type.Object({
  region: text,
  machine: Type.Optional(text),
  results: Type.Array(changeResultSchema),
  volumes: Type.Array(
    Type.Object({
      instance: text,
      volume: text,
      snapshot: text,
      copy: Type.Optional(text),
      device: Type.Optional(text),
      state: Type.Union(
        (["attached", "pending", "failed", "planned"] as const).map((state) => Type.Literal(state)),
      ),
      why: Type.Optional(Type.String()),
    }),
  ),
  /** What the machine said of its start, in its own words. */
  started: Type.Array(Type.String()),
  /** Whether Session Manager can open it. */
  online: Type.Boolean(),
  pieces: Type.Array(text),
  problems: Type.Array(Type.String()),
});
export type Opening = Static<typeof output>;

const stepId = "open-analysis";

/**
 * Launches a machine for a case in the forensics account and attaches copies of what the case has preserved, once the
 * machine has said that it makes other disks read-only: never at its launch, when a copy with the ids of the machine's
 * own disk could be started from. Safe to run again: it goes on where it ended.
 *
 * @throws NotPossible where the case has preserved nothing, or nobody could open a machine
 */
export const openAnalysis: Step<typeof input, typeof output, AnalysisSetting> = {
  id: stepId,
  title: "evidence opened",
  class: "contain",
  criticality: "critical",
  input,
  output,
  needs,
  handle: async (setting, { instances, waitSeconds }) => {
    const { evidence, analysis, caseId, clock } = setting;
    const { region } = evidence;
    const until = new Date(clock.now().getTime() + waitSeconds * 1000);
    const { ec2 } = machinesOf(await setting.account(evidence.account, "evidence"), region);
    const copies = await preservedCopies(ec2, caseId, region, instances);
    mustFit(copies, analysis.devices.length);
    await mustBeReachable(ec2, setting);
    const results: ChangeResult[] = [];
    const launched = await launch(setting, ec2, results);
    const nothing = { region, results, started: [], online: false, pieces: [], problems: [] };
    if (launched.outcome === "failed" || launched.outcome === "planned") {
      const state = launched.outcome === "failed" ? ("pending" as const) : ("planned" as const);
      return { ...nothing, volumes: copies.map((copy) => ({ ...idsOf(copy), state })) };
    }
    const machine = await awaited(clock, until, () => running(ec2, setting));
    if (machine === undefined || typeof machine === "string") {
      return { ...nothing, volumes: pending(copies, machine ?? "the machine is not running yet") };
    }
    const id = machine.InstanceId ?? "";
    const started = await awaited(clock, until, () => startOf(setting, id));
    const volumes = started?.some((line) => line.includes(protects))
      ? await attachCopies(setting, ec2, { copies, machine, until }, results)
      : pending(copies, started ? `${id} can't keep from writing to other disks` : silent(setting, id));
    const online = (await awaited(clock, until, () => isOnline(setting, id))) === true;
    const opened = { region, machine: id, template: analysis.template, started: started ?? [], volumes };
    const place = { account: evidence.account, region, instance: id };
    const attached = !setting.dryRun && volumes.some(({ state }) => state === "attached");
    const record = attached
      ? await deposit(setting, place, [
          jsonFile("opened.json", "which copies of evidence were opened, on which machine", opened),
        ])
      : { pieces: [], problems: [] };
    const unknown = `${machineArn(setting.kit.partition, place)} is not known to Session Manager yet`;
    return {
      region,
      machine: id,
      results,
      volumes,
      started: started ?? [],
      online,
      pieces: record.pieces.map(({ bucket, key }) => `s3://${bucket}/${key}`),
      problems: [...record.problems, ...(online ? [] : [unknown])],
    };
  },
};

/** Said by a machine's first start, once every disk that comes later will be read-only. */
export const protects = "protects what comes";

const silent = ({ analysis, caseId }: AnalysisSetting, machine: string): string =>
  `${machine} has not said yet that it writes to no disk but its own (log ${analysis.logGroup}); ` +
  `where it stays silent, npx ir-kit forensics close ${caseId} ends it, and another is opened`;

/** EC2 remembers requests for a day and longer, also those of another ledger: what it has ended is left to it. */
async function launch(
  setting: AnalysisSetting,
  ec2: EC2Client,
  results: ChangeResult[],
): Promise<ChangeResult> {
  const { evidence, analysis, caseId, kit } = setting;
  const { account, region } = evidence;
  const first = await openingOf(setting, ec2);
  for (let opening = first; ; opening += 1) {
    const launched = await make(setting, launchMachine, {
      step: stepId,
      account,
      target: machineArn(kit.partition, { account, region, instance: "*" }),
      input: { case: caseId, region, template: analysis.template, opening },
    });
    const taken = launched.outcome === "failed" && /^Idempotent/.test(launched.why ?? "");
    if (taken && opening < first + mostOpenings) continue;
    results.push(launched);
    return launched;
  }
}

/** Openings of a case in the days for which EC2 remembers. */
const mostOpenings = 20;

const idsOf = ({ instance, volume, snapshot }: PreservedCopy) => ({ instance, volume, snapshot });

const pending = (copies: readonly PreservedCopy[], why: string): WorkingVolume[] =>
  copies.map((copy) => ({ ...idsOf(copy), state: "pending", why: `${why}; run the command again` }));

function mustFit(copies: readonly PreservedCopy[], most: number): void {
  if (copies.length <= most) return;
  const machines = [...new Set(copies.map(({ instance }) => instance))];
  throw new NotPossible(
    `${copies.length} volumes are preserved, and a machine takes ${most}: name some by --instance, of ${machines.join(", ")}`,
  );
}

/** Without endpoints the machine would start, fetch nothing, and never be heard of. */
async function mustBeReachable(
  ec2: EC2Client,
  { analysis: { endpoints }, evidence }: AnalysisSetting,
): Promise<void> {
  const { VpcEndpoints = [] } = await ec2.send(
    new DescribeVpcEndpointsCommand({ Filters: [{ Name: "tag:Name", Values: [...endpoints.names] }] }),
  );
  const standing = VpcEndpoints.filter(({ State }) => State?.toLowerCase() === "available").map(
    ({ Tags = [] }) => Tags.find(({ Key }) => Key === "Name")?.Value,
  );
  const missing = endpoints.names.filter((name) => !standing.includes(name));
  if (missing.length === 0) return;
  throw new NotPossible(
    `the forensic network of ${evidence.region} does not reach what opens a machine: ${missing.join(", ")} ` +
      `${missing.length === 1 ? "is" : "are"} not there. The deployer makes them: ${endpoints.deploy}`,
  );
}

/** The number of the machine that stands, or else of the next one: the token of a request is never used for two. */
async function openingOf(
  { ledger, clock, caseId, analysis: { template }, evidence: { region } }: AnalysisSetting,
  ec2: EC2Client,
): Promise<number> {
  const earlier = (await ledger.entries())
    .filter(({ action }) => action === launchMachine.action)
    .filter(({ input: given }) => {
      const machine = given as AnalysisMachine;
      return machine.region === region && machine.template === template;
    })
    .at(-1);
  if (!earlier) return 1;
  const { opening } = earlier.input as AnalysisMachine;
  const lost = clock.now().getTime() - Date.parse(earlier.intendedAt) > shownAfter;
  const mayBeOnItsWay = earlier.state === "failed" || (earlier.state === "intended" && !lost);
  return mayBeOnItsWay || (await analysisMachine(ec2, { case: caseId, template })) ? opening : opening + 1;
}

/** The machine once it runs, or why it has ended; nothing as long as it is on its way. */
async function running(
  ec2: EC2Client,
  { caseId, analysis: { template } }: AnalysisSetting,
): Promise<Instance | string | undefined> {
  const machine = await analysisMachine(ec2, { case: caseId, template });
  const state = machine?.State?.Name;
  if (state === "stopped" || state === "stopping") {
    throw new NotPossible(
      `${machine?.InstanceId} is ${state}: npx ir-kit forensics close ${caseId}, and open it again`,
    );
  }
  if (state === "running") return machine;
  return machine ? undefined : whyEnded(ec2, { case: caseId, template });
}

/** What the machine's user data has recorded; nothing as long as it has not ended. */
async function startOf({ analysis }: AnalysisSetting, machine: string): Promise<string[] | undefined> {
  try {
    const { events = [] } = await analysis.logs.send(
      new GetLogEventsCommand({
        logGroupName: analysis.logGroup,
        logStreamName: `${machine}/start`,
        startFromHead: true,
      }),
    );
    return events.length === 0 ? undefined : events.flatMap(({ message }) => message ?? []);
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

async function isOnline({ analysis }: AnalysisSetting, machine: string): Promise<true | undefined> {
  const { InstanceInformationList = [] } = await analysis.ssm.send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [machine] }] }),
  );
  return InstanceInformationList.some(({ PingStatus }) => PingStatus === "Online") ? true : undefined;
}
