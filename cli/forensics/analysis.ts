import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Landscape } from "../../landscape";
import {
  forensicEndpointName,
  forensicEndpointsStack,
  launchTemplateName,
  type MachineKind,
  sessionDocumentName,
  sessionLogName,
} from "../../landscape/forensic-names";
import type { Forensics } from "../../landscape/model";
import { accountId } from "../../landscape/names";
import { didYouMean, oneOf, show } from "../../landscape/problems";
import { endpointServiceNames } from "../../policies/forensic-endpoints";
import { ownSnapshots, snapshotTags } from "../../runtime/changes/snapshots";
import { NotPossible } from "../../runtime/shared/errors";
import { machinesOf } from "../../runtime/shared/machines";
import type { Closing } from "../../runtime/steps/close-analysis";
import type { AnalysisPlace, Opening } from "../../runtime/steps/open-analysis";
import { forClient } from "../assume/chain";
import { WrongUse } from "../errors";
import { line, listed, resultText } from "../respond/report";
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
      const { ec2 } = machinesOf(clients, region);
      const snapshots = await ownSnapshots(ec2, { [snapshotTags.case]: setting.caseId });
      return snapshots.length > 0 ? [region] : [];
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
  const stack = forensicEndpointsStack(region);
  return {
    template: launchTemplateName(landscape, analysisMachines[machine]),
    devices: devicesOf(machine),
    endpoints: {
      names: endpointServiceNames.map((service) => forensicEndpointName(landscape, service)),
      deploy: `IR_KIT_ON_DEMAND=${stack} npx cdktf deploy ${stack}`,
    },
    logGroup: sessionLogName(landscape),
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
  return [
    ...results.map(resultText),
    ...volumes.map(
      ({ instance, volume, copy, device, state, why }) =>
        `${marks[state]} ${volume} of ${instance}: ${state}${copy === undefined ? "" : `, as ${copy}`}` +
        `${device === undefined ? "" : ` at ${device}`}${why === undefined ? "" : `, ${line(why, 400)}`}`,
    ),
    ...listed("How the machine has started:", started),
    ...listed("Stored:", pieces),
    ...listed("Not had:", problems),
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
