import path from "node:path";
import { Command } from "commander";
import { identityCenterUserPattern, sessionNamePattern } from "../../runtime/cuts/request";
import { NotPossible } from "../../runtime/shared/errors";
import { accessKeyKind, principalOfArn, sessionOfArn } from "../../runtime/shared/principal";
import type { Sessions } from "../../runtime/steps/cut-sessions";
import { checkAfter } from "../../runtime/workflows/contain-principal";
import { confirmed } from "../confirm";
import { WrongUse } from "../errors";
import { createReporter } from "../reporter";
import { askingForMfa, expectable, inCase, numbers, printable, writeTimeline } from "../respond/command";
import { contain, type Outcome } from "../respond/contain";
import { identityCenterUser } from "../respond/identity-center";
import { line, principalLabel } from "../respond/report";
import { type CaseOptions, enterCase, type OpenCase, openCase } from "../respond/setting";
import { preserveCommand } from "./respond-preserve";
import { releaseCommand, statusCommand } from "./respond-release";
import { tagCommand } from "./respond-tag";

interface ContainFlags extends CaseOptions {
  readonly chain?: true;
  readonly dryRun?: true;
  readonly since: string;
  readonly checkAt: string;
  readonly yes?: true;
  readonly json?: true;
}

interface RoleFlags extends ContainFlags {
  readonly session?: string;
  readonly liveSessions?: true;
  readonly userId?: string;
}

/** `ir-kit respond`: contains, verifies and releases, with the responder's own credentials. */
export const respondCommand = (): Command =>
  new Command("respond")
    .description("contain a stolen credential and prove it, preserve a machine, and release both later")
    .addHelpText(
      "after",
      "\nUses your own credentials as ir-kit assume does: by the door into the hub, and from there into each account\n" +
        "as its role of the task credentials. Every change is written down in cases/<case>/ledger.json before it is made.",
    )
    .addCommand(
      containing("key")
        .description("contain whoever has an access key, of a user (AKIA) or of a session (ASIA)")
        .argument("<id>", "id of the access key")
        .action((accessKeyId: string, flags: ContainFlags) =>
          containment({ accessKeyId: keyOf(accessKeyId) }, flags),
        ),
    )
    .addCommand(
      containing("user")
        .description("contain an IAM user")
        .argument("<arn>", "such as arn:aws:iam::123456789012:user/anna")
        .action((arn: string, flags: ContainFlags) => containment({ arn: arnOf("user", arn) }, flags)),
    )
    .addCommand(
      containing("role")
        .description("contain an IAM role with every session of it, or end sessions and leave the role")
        .argument("<arn>", "of the role, or of a session of it")
        .option("--session <name>", "end the session of this name, and leave the role and its other sessions")
        .option("--live-sessions", "end every session that is open now, and leave the role")
        .option("--user-id <id>", "end the sessions of this Identity Center user, and leave those of others")
        .addHelpText(
          "after",
          "\nThe ARN of a session of Identity Center (AWSReservedSSO_…) ends the sessions of its user in every account;\n" +
            "disable the user in Identity Center beside. Sessions are ended by a deny in the policy of the whole\n" +
            "organization, which ends by itself after a day; it does not reach the management account.",
        )
        .action((arn: string, flags: RoleFlags) =>
          containment({ arn: arnOf("role", arn) }, flags, sessionsOf(flags)),
        ),
    )
    .addCommand(tagCommand())
    .addCommand(preserveCommand())
    .addCommand(statusCommand())
    .addCommand(releaseCommand());

const containing = (name: string): Command =>
  askingForMfa(inCase(name))
    .option("--chain", "contain as well whom it became, made or gave a credential to")
    .option("--dry-run", "list the calls that would change something, and make none")
    .option("--since <hours>", "how far back CloudTrail is asked", "24")
    .option("--check-at <seconds>", "when the containment is checked", checkAfter.join(","))
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON");

/** Looked at before anybody is asked for a code. */
function keyOf(id: string): string {
  return wrongUse(() => {
    accessKeyKind(id);
    return id;
  });
}

function arnOf(kind: "user" | "role", arn: string): string {
  const named = wrongUse(() => (sessionOfArn(arn) ? ("role" as const) : principalOfArn(arn).kind));
  if (named === kind) return arn;
  throw new WrongUse(`${line(arn)} names a ${named}: npx ir-kit respond ${named} ${line(arn)}`);
}

/** Which sessions the flags name, if any; several ways at once would not say what is meant. */
function sessionsOf({ session, liveSessions, userId, chain }: RoleFlags): Sessions | undefined {
  const named: Sessions[] = [
    ...(session === undefined ? [] : [{ kind: "session" as const, name: session }]),
    ...(liveSessions ? [{ kind: "until-now" as const }] : []),
    ...(userId === undefined ? [] : [{ kind: "identity-center-user" as const, id: userId }]),
  ];
  if (named.length > 1) throw new WrongUse("--session, --live-sessions and --user-id exclude one another");
  if (named.length > 0 && chain) {
    throw new WrongUse(
      "--chain follows a role as a whole: what other sessions of it did is not this one's doing. Contain the links that the facts name one by one",
    );
  }
  if (session !== undefined && !new RegExp(sessionNamePattern).test(session)) {
    throw new WrongUse(
      `${line(session)} is not the name of a session: 2 to 64 letters, digits and +=,.@-_, the last part of its ARN`,
    );
  }
  if (userId !== undefined && !new RegExp(identityCenterUserPattern).test(userId)) {
    throw new WrongUse(
      `${line(userId)} is not the id of an Identity Center user, such as 906700000a-11111111-2222-4333-8444-555555555555`,
    );
  }
  return named[0];
}

function wrongUse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotPossible) throw new WrongUse(error.message);
    throw error;
  }
}

/** Seconds: the responder's own session lasts an hour, and has begun before. */
const longestCheck = 2700;

async function containment(
  given: { readonly accessKeyId: string } | { readonly arn: string },
  flags: ContainFlags,
  named?: Sessions,
): Promise<void> {
  const hours = numbers(flags.since, "--since", 90 * 24)[0] ?? 24;
  const checkAt = numbers(flags.checkAt, "--check-at", longestCheck).sort((a, b) => a - b);
  const opened = await openCase(flags);
  const { landscape } = opened;
  const reporter = createReporter();
  const print = (text: string) => {
    if (!flags.json) process.stdout.write(text);
  };
  const outcome = await expectable(async () => {
    const setting = await enterCase(opened, flags);
    const since = new Date(setting.clock.now().getTime() - hours * 3_600_000);
    const sessions = named ?? (await identityCenterUser(setting, given, since));
    return contain(setting, landscape, reporter, given, {
      since,
      checkAt,
      ...(sessions && { sessions }),
      print,
      agreed: async ({ principal }, how) =>
        flags.yes === true ||
        flags.dryRun === true ||
        confirmed(`Containing ${principalLabel(landscape, principal)}`, [
          ...(how === undefined ? [] : [line(how)]),
          ...(sessions === undefined ? ofThePrincipal : ofSessions),
        ]),
      follow: flags.chain ? "all" : flags.yes || flags.dryRun ? "none" : "ask",
    });
  }).finally(() => writeTimeline(opened));
  if (flags.json) process.stdout.write(`${printable(plain(opened, outcome))}\n`);
  else if (!flags.dryRun) print(`Timeline: ${path.join(opened.directory, "timeline.md")}\n`);
  process.exitCode = good(outcome, flags.dryRun === true, flags.chain === true) ? 0 : 1;
}

const ofThePrincipal = [
  "the staged policy that denies everything is attached; every active credential is deactivated",
  "both can be undone: ir-kit respond release; where the policies of it are full, the boundary that denies",
  "everything takes the place, which only the account's deployer can take off again",
];
const ofSessions = [
  "a deny is written into the organization's policy of cuts, in force in every member account for a day",
  "it can be undone: ir-kit respond release; whoever opened the session can open another",
];

/** Done, and proven: nothing has failed, and the last verdict of each principal is CONTAINED. */
const good = ({ principals, left, incomplete }: Outcome, dryRun: boolean, chain: boolean): boolean =>
  (!chain || (left.length === 0 && incomplete.length === 0)) &&
  principals.every(
    ({ results, verdicts }) =>
      results.every(({ outcome }) => outcome !== "failed") &&
      (dryRun || verdicts.at(-1)?.verdict.verdict === "CONTAINED"),
  );

const plain = ({ caseId, directory }: OpenCase, { principals, left, incomplete }: Outcome) => ({
  case: caseId,
  directory,
  principals,
  left,
  incomplete,
});
