import { bucketArn } from "../../landscape/arns";
import {
  evidenceBucketsArn,
  forensicInstancesArn,
  forensicKeysArn,
  sessionLogArn,
} from "../../landscape/evidence-arns";
import { piecesPrefix } from "../../landscape/evidence-prefixes";
import type { Landscape } from "../../landscape/model";
import { evidenceKeyAliasName } from "../../landscape/names";
import { endpointServices } from "../forensic-endpoints";
import { type Permission, underAlias } from "../tasks/task";
import { through } from "./parties";

/** What a machine on which evidence is looked at may do: be opened, read evidence and tools, and log what is done. */
export const analysisMachinePermissions = (landscape: Landscape): Permission[] => [
  {
    id: "BeOpened",
    because: "Session Manager is the only way in; the agent asks for nothing more",
    actions: [...endpointServices.ec2messages, ...endpointServices.ssmmessages],
    resources: ["*"],
  },
  {
    id: "BeKnown",
    because: "Session Manager opens what has said that it is there",
    actions: ["ssm:UpdateInstanceInformation"],
    resources: [forensicInstancesArn(landscape)],
  },
  {
    id: "ReadEvidence",
    because: "files of evidence are looked at beside the disks",
    actions: ["s3:GetObject"],
    resources: [`${evidenceBucketsArn(landscape)}/${piecesPrefix}*`],
  },
  {
    id: "FetchTools",
    because: "tools come from here alone, and are checked before they run",
    actions: ["s3:GetObject"],
    resources: [`${bucketArn(landscape, "tools", "*")}/*`],
  },
  {
    id: "EvidenceKey",
    because: "files of evidence lie under the key of their region",
    actions: ["kms:Decrypt"],
    resources: [forensicKeysArn(landscape)],
    conditions: {
      ...underAlias(evidenceKeyAliasName(landscape)),
      StringLike: through(landscape, "s3", "*"),
    },
  },
  {
    id: "SessionKey",
    because: "what is typed and shown is encrypted on its way",
    actions: ["kms:Decrypt"],
    resources: [forensicKeysArn(landscape)],
    conditions: {
      ...underAlias(evidenceKeyAliasName(landscape)),
      Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" },
    },
  },
  {
    id: "LogSessions",
    because: "what was done at the start and in each session",
    actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    resources: [sessionLogArn(landscape), `${sessionLogArn(landscape)}:log-stream:*`],
  },
  {
    id: "FindLog",
    because: "the agent looks whether the log is encrypted before it writes",
    actions: ["logs:DescribeLogGroups"],
    resources: ["*"],
  },
];
