import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSnapshotsCommand, DescribeVpcEndpointsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeInstanceInformationCommand,
  ResumeSessionCommand,
  SSMClient,
  StartSessionCommand,
  TerminateSessionCommand,
} from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { forensicAliasArn } from "../../../landscape/evidence-arns";
import { launchTemplateName, sessionDocumentName, sessionLogName } from "../../../landscape/forensic-names";
import { evidenceKeyAliasName } from "../../../landscape/names";
import {
  analysisMachine,
  attachWorkingCopy,
  launchMachine,
  makeWorkingCopy,
} from "../../../runtime/changes/analysis";
import { deleteWorkingCopy, terminateMachine } from "../../../runtime/changes/end-analysis";
import { caseId } from "./organization";
import { clientsOf, orNone, type Settings, unsupported, type Walkthrough } from "./walkthrough";

const region = "eu-west-1";
const inForensics = { task: "evidence", account: "forensics" } as const;

const opened: Walkthrough = {
  ...inForensics,
  title: "open what a case has preserved on a machine of a template, and close it",
  steps: async (settings, { organization: { landscape } }) => {
    const ec2 = new EC2Client(settings);
    const clients = clientsOf(settings);
    await ec2.send(new DescribeVpcEndpointsCommand({}));
    const { Snapshots = [] } = await ec2.send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: "tag:ir:case", Values: [caseId] }] }),
    );
    const template = launchTemplateName(landscape, "forensic-linux-arm64");
    await launchMachine.make(clients, { case: caseId, region, template, opening: 1 });
    const machine = await analysisMachine(ec2, { case: caseId, template });
    const id = machine?.InstanceId ?? "";
    await orNone(
      new CloudWatchLogsClient(settings).send(
        new GetLogEventsCommand({ logGroupName: sessionLogName(landscape), logStreamName: `${id}/start` }),
      ),
    );
    const copy = {
      case: caseId,
      region,
      zone: machine?.Placement?.AvailabilityZone ?? "",
      snapshot: Snapshots[0]?.SnapshotId ?? "",
      key: forensicAliasArn(landscape, region, evidenceKeyAliasName(landscape)),
      instance: "i-0123456789abcdef0",
      volume: "vol-0123456789abcdef0",
      machine: id,
      attempt: 0,
    };
    await makeWorkingCopy.make(clients, copy);
    const { copy: volume } = await makeWorkingCopy.read(clients, copy);
    if (volume === null) throw new Error("the emulator does not show the copy");
    await attachWorkingCopy.make(clients, { region, copy: volume, machine: id, device: "/dev/sdf" });
    await sessions(settings, id, sessionDocumentName(landscape));
    await terminateMachine.make(clients, { region, machine: id });
    await deleteWorkingCopy.make(clients, { region, copy: volume });
  },
};

async function sessions(settings: Settings, machine: string, document: string): Promise<void> {
  const ssm = new SSMClient(settings);
  await ssm.send(new DescribeInstanceInformationCommand({}));
  await ssm.send(new StartSessionCommand({ Target: machine, DocumentName: document })).catch(unsupported);
  const { UserId } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  const own = { SessionId: `${UserId}-0123456789abcdef0` };
  await ssm.send(new ResumeSessionCommand(own)).catch(unsupported);
  await ssm.send(new TerminateSessionCommand(own)).catch(unsupported);
}

export const analysisWalkthroughs = [opened];
