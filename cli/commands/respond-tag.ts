import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Command } from "commander";
import { tagFunctionArn } from "../../landscape/arns";
import { accountId, caseTableName } from "../../landscape/names";
import { didYouMean, oneOf, show } from "../../landscape/problems";
import { caseTag, type TaskName } from "../../landscape/tasks";
import { askForTags } from "../../runtime/tags/invoke";
import type { TaggedResource } from "../../runtime/tags/request";
import { callerAtDoor } from "../assume/caller";
import { enterHub, forClient, stsIn } from "../assume/chain";
import { mfaOf } from "../assume/mfa";
import { accountNamed } from "../assume/target";
import { Refused, WrongUse } from "../errors";
import { createReporter } from "../reporter";
import { askingForMfa, expectable, inCase, printable } from "../respond/command";
import { accountLabel, line } from "../respond/report";
import { type CaseOptions, openCase } from "../respond/setting";
import { tagRequest } from "../respond/tag-request";

interface TagFlags extends CaseOptions {
  readonly account: string;
  readonly region?: string;
  readonly task: string;
  readonly remove?: true;
  readonly json?: true;
}

/** Tasks whose role in the hub may ask for tags. */
const tagging = ["contain", "evidence", "recover"] as const satisfies readonly TaskName[];

/** `ir-kit respond tag`: what belongs to a case, so that its responders reach it and others do not. */
export const tagCommand = (): Command =>
  askingForMfa(inCase("tag"))
    .description("tag what belongs to the case, so that responders can work on it and nobody else changes it")
    .argument("<resources...>", "ids such as i-0123456789abcdef0, or ARNs of functions, databases, roles …")
    .requiredOption("--account <name>", "the account in which they are, by name or id")
    .option("--region <region>", "the region in which they are; else the home region")
    .option("--task <task>", `as whom you ask: ${tagging.join(", ")}`, "contain")
    .option("--remove", "take the tag of the case off again, as task recover")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nAsks a function in the security account, which tags in the name of your session's case: guardrails let\n" +
        "nobody in a member account write the kit's tags, administrators included. A machine is tagged with its\n" +
        "volumes, interfaces and public addresses. What belongs to another case, or to the kit, is left alone.",
    )
    .action(tag);

async function tag(resources: string[], flags: TagFlags): Promise<void> {
  const remove = flags.remove === true;
  const task = taskOf(flags.task, remove);
  const { landscape, caseId } = await openCase(flags);
  if (!landscape.access) throw new WrongUse("the landscape has no access: there is no hub to enter by");
  const account = accountNamed(landscape, flags.account);
  const region = flags.region ?? landscape.homeRegion;
  const request = tagRequest(landscape, { account: account.id, region, resources });
  const label = `${accountLabel(landscape, account.id)}, ${region}`;
  const result = await expectable(async () => {
    const stsFor = stsIn(landscape.homeRegion);
    const caller = await callerAtDoor(stsFor(), landscape);
    const mfa = await mfaOf(caller, flags);
    const who = { ...caller, ...mfa.device };
    const session = await enterHub(stsFor, landscape, who, { task, caseId, ...mfa.code });
    const settings = { region: landscape.homeRegion, credentials: forClient(session) };
    const asked = {
      documents: DynamoDBDocumentClient.from(new DynamoDBClient(settings)),
      lambda: new LambdaClient(settings),
      table: caseTableName(landscape),
      functionName: tagFunctionArn(landscape),
    };
    return createReporter()
      .step(`${remove ? "Untagging" : "Tagging"} in ${label}`, () =>
        askForTags(asked, { case: caseId, remove }, { ...request, actor: caller.name }),
      )
      .catch((error: Error) => {
        throw explained(error, accountId(landscape.hub));
      });
  });
  process.stdout.write(flags.json ? `${printable(result)}\n` : result.resources.map(told(caseId)).join(""));
  process.exitCode = result.resources.every(({ outcome }) => outcome !== "failed") ? 0 : 1;
}

function taskOf(name: string, remove: boolean): TaskName {
  if (remove) return "recover";
  const task = tagging.find((known) => known === name);
  if (task) return task;
  throw new WrongUse(
    `${show(name)} is not a task that tags${didYouMean(name, tagging) || `; there are: ${oneOf(tagging)}`}`,
  );
}

const told =
  (caseId: string) =>
  ({ resource, outcome, why }: TaggedResource): string =>
    `${line(resource)}: ${outcome === "failed" ? `failed: ${line(why ?? "", 400)}` : `${said[outcome]} ${caseTag}=${caseId}`}\n`;

/** EC2 says nothing of whether it had a tag to take off. */
const said = { tagged: "tagged", untagged: "without" } as const;

/** Where the function can't be asked, or fails, nothing was tagged. */
const explained = (error: Error, hub: string): Error =>
  /ResourceNotFound|AccessDenied/.test(error.name)
    ? new Refused(
        `the function that tags can't be asked: ${error.message}. It stands in stack response of ${hub}, and your ` +
          "task's role in stack access lets you ask it: deploy both",
      )
    : error;
