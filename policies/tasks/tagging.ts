import { caseTableArn, tagFunctionArn } from "../../landscape/arns";
import { caseTag } from "../../landscape/tasks";
import { askNeeds, invokeNeeds, readNeeds } from "../../runtime/tags/needs";
import { tagPartition } from "../../runtime/tags/request";
import type { Condition } from "../document";
import { throughTable, writeFunctionLogs } from "./functions";
import { actionsOf, type Permission, type Place } from "./task";

/** Partitions of the cases' table; a request that names none is not meant. */
const partitions = (operator: "StringEquals" | "StringLike", names: readonly string[]): Condition => ({
  [`ForAllValues:${operator}`]: { "dynamodb:LeadingKeys": names },
  Null: { "dynamodb:LeadingKeys": "false" },
});

/**
 * What whoever tags with a case may do in the hub: ask one function, in the name of the session's own case.
 *
 * @param also `remove`: whether tags may be taken off too
 */
export const askForTags = (place: Place, also: { readonly remove?: true } = {}): Permission[] => {
  const own = `\${aws:PrincipalTag/${caseTag}}`;
  return [
    {
      id: "RequestTags",
      because: "the request stands under the case of the session, so that nobody tags for another case",
      actions: actionsOf(askNeeds),
      resources: [caseTableArn(place.landscape)],
      conditions: partitions("StringEquals", [
        tagPartition(own, false),
        ...(also.remove ? [tagPartition(own, true)] : []),
      ]),
    },
    {
      id: "AskForTags",
      because: "members let nobody write the kit's tags but automation, which this function runs as",
      actions: actionsOf(invokeNeeds),
      resources: [tagFunctionArn(place.landscape)],
    },
    throughTable(place),
  ];
};

/** What the function that tags may do in the hub, beside entering accounts. */
export const readTagRequests = (place: Place): Permission[] => [
  {
    id: "ReadTagRequests",
    because: "what is to be tagged, and the case under which IAM let it be asked",
    actions: actionsOf(readNeeds),
    resources: [caseTableArn(place.landscape)],
    conditions: partitions("StringLike", [tagPartition("*", false), tagPartition("*", true)]),
  },
  throughTable(place),
  writeFunctionLogs(place),
];
