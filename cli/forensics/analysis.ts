import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Landscape } from "../../landscape";
import type { Forensics } from "../../landscape/model";
import {
  accountId,
  forensicEndpointName,
  launchTemplateName,
  type MachineKind,
  sessionDocumentName,
  sessionLogName,
} from "../../landscape/names";
import { didYouMean, oneOf, show } from "../../landscape/problems";
import { endpointServiceNames } from "../../policies/forensic-endpoints";
import { snapshotTags } from "../../runtime/changes/snapshots";
import { NotPossible } from "../../runtime/shared/errors";
import { machinesOf } from "../../runtime/shared/machines";
import type { Closing } from "../../runtime/steps/close-analysis";
import type { AnalysisPlace, Opening } from "../../runtime/steps/open-analysis";
import { forClient } from "../assume/chain";
import { WrongUse } from "../errors";
import { line, resultText } from "../respond/report";
import type { EnteredCase } from "../respond/setting";

/** Machines on which evidence is looked at, by what a responder calls them. */
export const analysisMachines = {
  "linux-arm64": "forensic-linux-arm64",
  "linux-x86-64": "forensic-linux-x86-64",
  windows: "forensic-windows",
} as const satisfies Readonly<Record<string, MachineKind>>;
export type AnalysisMachineName = keyof typeof analysisMachines;

/** @throws WrongUse for another, naming the nearest */
export function machineNamed(given: string): AnalysisMachineName {
  if (Object.hasOwn(analysisMachines, given)) return given as AnalysisMachineName;
  const names = Object.keys(analysisMachines);
  throw new WrongUse(`--machine takes ${names.join(", ")}; found ${show(given)}${didYouMean(given, names)}`);
}

/** @throws WrongUse where there is no forensics, or none in that region */
export function forensicsIn(landscape: Landscape, region: string | undefined): Forensics {
  if (!landscape.forensics) {
    throw new WrongUse("the landscape has no forensics: there is no place where evidence could be looked at");
  }
  const { regions } = landscape.forensics;
  if (region !== undefined && !regions.includes(region)) {
    throw new WrongUse(
      `--region ${show(region)}: evidence is looked at in ${oneOf(regions)} (forensics.regions)${didYouMean(region, regions)}`,
    );
  }
  return landscape.forensics;
}

/** The one region in which a case has preserved volumes. @throws NotPossible where there is none, or several */
export async function regionOfCase(
  setting: EnteredCase,
  landscape: Landscape,
  { regions }: Forensics,
): Promise<string> {
  const clients = await setting.account(accountId(landscape.accounts.forensics), "evidence");
  const having = await Promise.all(
    regions.map(async (region) => {
      const pages = paginateDescribeSnapshots(
        { client: machinesOf(clients, region).ec2 },
        { OwnerIds: ["self"], Filters: [{ Name: `tag:${snapshotTags.case}`, Values: [setting.caseId] }] },
      );
      for await (const { Snapshots = [] } of pages) if (Snapshots.length > 0) return [region];
      return [];
    }),
  );
  const found = having.flat();
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new NotPossible(
    found.length === 0
      ? `${setting.caseId} has preserved no volume in ${regions.join(", ")}: npx ir-kit respond preserve <instance> ` +
          `--case ${setting.caseId}`
      : `${setting.caseId} has preserved volumes in ${found.join(" and ")}: --region says where they are looked at`,
  );
}

/** Everything that a machine of analysts is launched and found by. */
export async function analysisPlace(
  setting: EnteredCase,
  landscape: Landscape,
  region: string,
  machine: AnalysisMachineName,
): Promise<AnalysisPlace> {
  const credentials = forClient(await setting.session(accountId(landscape.accounts.forensics), "evidence"));
  const stack = `forensic-endpoints-${region}`;
  return {
    template: launchTemplateName(landscape, analysisMachines[machine]),
    devices: devicesOf(machine),
    endpoints: {
      names: endpointServiceNames.map((service) => forensicEndpointName(landscape, service)),
      deploy: `IR_KIT_ON_DEMAND=${stack} npx cdktf deploy ${stack}`,
    },
    logGroup: sessionLogName(landscape),
    sessionDocument: sessionDocumentName(landscape),
    ssm: new SSMClient({ region, credentials }),
    logs: new CloudWatchLogsClient({ region, credentials }),
  };
}

/** Names that AWS recommends for volumes. Source: "Device names for volumes on Amazon EC2 instances". */
const devicesOf = (machine: AnalysisMachineName): string[] =>
  [..."fghijklmnop"].map((letter) => (machine === "windows" ? `xvd${letter}` : `/dev/sd${letter}`));

/** The command that opens a shell on a machine. */
export const sessionCommand = (
  landscape: Landscape,
  region: string,
  machine: string,
  caseId: string,
): string =>
  `npx ir-kit assume evidence --account ${accountId(landscape.accounts.forensics)} --case ${caseId} --exec ` +
  `"aws ssm start-session --region ${region} --target ${machine} --document-name ${sessionDocumentName(landscape)}"`;

const marks = { attached: "✓", pending: "…", failed: "✗", planned: "→" } as const;

/** What was opened, as a terminal shows it. */
export function openingText({ results, volumes, started, pieces, problems }: Opening): string {
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `  ${line(item, 400)}`)];
  return [
    ...results.map(resultText),
    ...volumes.map(
      ({ instance, volume, copy, device, state, why }) =>
        `${marks[state]} ${volume} of ${instance}: ${state}${copy === undefined ? "" : `, as ${copy}`}` +
        `${device === undefined ? "" : ` at ${device}`}${why === undefined ? "" : `, ${line(why, 400)}`}`,
    ),
    ...list("How the machine has started:", started),
    ...list("Stored:", pieces),
    ...list("Not had:", problems),
    "",
  ].join("\n");
}

/** What was ended, as a terminal shows it. */
export const closingText = ({ region, results, left }: Closing): string =>
  [
    ...results.map(resultText),
    ...left.map((one) => `✗ ${line(one, 400)}`),
    ...(results.length + left.length === 0 ? [`nothing is open in ${region}`] : []),
    "",
  ].join("\n");
