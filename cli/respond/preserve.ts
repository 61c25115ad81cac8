import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { type Landscape, listedAccounts } from "../../landscape";
import { custodyFunctionArn } from "../../landscape/evidence-arns";
import { evidenceRegions } from "../../landscape/model";
import { accountId, bucketName, evidenceKeyAliasName } from "../../landscape/names";
import { show } from "../../landscape/problems";
import { type EvidencePlace, signByCustodian } from "../../runtime/custody/deposit";
import { NotPossible } from "../../runtime/shared/errors";
import { type Machine, machinesOf } from "../../runtime/shared/machines";
import type { Preservation } from "../../runtime/steps/preserve-instance";
import { instanceOf } from "../../runtime/steps/preserve-instance/facts";
import { forClient } from "../assume/chain";
import { accountNamed } from "../assume/target";
import { WrongUse } from "../errors";
import { accountLabel, line, listed, resultText } from "./report";
import type { EnteredCase } from "./setting";

/** What a responder names: an instance, and where it is as far as that is known. */
export interface NamedInstance {
  readonly instance: string;
  readonly account: string;
  readonly region?: string;
}

/**
 * @param given an instance's id or ARN
 * @throws WrongUse for what is neither, and where account or region are said twice and differ, or not at all
 */
export function instanceNamed(
  landscape: Landscape,
  given: string,
  flags: { readonly account?: string; readonly region?: string },
): NamedInstance {
  const [, ofRegion, ofAccount, ofId] =
    /^arn:[a-z-]+:ec2:([a-z0-9-]+):(\d{12}):instance\/(.*)$/.exec(given) ?? [];
  const instance = ofId ?? given;
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instance)) {
    throw new WrongUse(`${show(given)} is not an instance: its id, such as i-0123456789abcdef0, or its ARN`);
  }
  const named = flags.account === undefined ? undefined : accountNamed(landscape, flags.account).id;
  const account = ofAccount ?? named;
  if (account === undefined) {
    const names = listedAccounts(landscape).map(({ name }) => name);
    throw new WrongUse(
      `--account says in which account ${instance} is, by name or id; there are: ${names.join(", ")}`,
    );
  }
  if (named !== undefined && named !== account) {
    throw new WrongUse(`the ARN is of account ${account}, and --account of ${named}`);
  }
  const region = ofRegion ?? flags.region;
  if (flags.region !== undefined && flags.region !== region) {
    throw new WrongUse(`the ARN is of region ${region}, and --region says ${line(flags.region)}`);
  }
  // Attackers go where nobody watches: any region will do, where it is named.
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) {
    throw new WrongUse(`${show(region)} is not an AWS region, such as ${landscape.homeRegion}`);
  }
  return { instance, account, ...(region !== undefined && { region }) };
}

/** Looks in every watched region, where none is named. @throws NotPossible where the instance is in none */
export async function findInstance(
  setting: EnteredCase,
  landscape: Landscape,
  { instance, account, region }: NamedInstance,
): Promise<Machine> {
  const clients = await setting.account(account, "evidence");
  const regions = region === undefined ? landscape.regions : [region];
  const errors: Error[] = [];
  const found = await Promise.all(
    regions.map(async (one): Promise<Machine[]> => {
      const machine = { account, region: one, instance };
      try {
        await instanceOf(machinesOf(clients, one), machine);
        return [machine];
      } catch (error) {
        if (!(error instanceof NotPossible)) errors.push(error as Error);
        return [];
      }
    }),
  );
  const [machine] = found.flat();
  if (machine) return machine;
  if (errors[0]) throw errors[0];
  throw new NotPossible(
    `${instance} is not in ${accountLabel(landscape, account)}, ${regions.join(", ")}: it is gone, or in another ` +
      "account (--account). If it was terminated, its volumes may still be there.",
  );
}

/** Where the instance's evidence goes: its own region, where evidence lies there, and else the home region. */
export async function evidencePlace(
  setting: EnteredCase,
  landscape: Landscape,
  machine: Pick<Machine, "region">,
): Promise<EvidencePlace> {
  if (!landscape.forensics) {
    throw new WrongUse("the landscape has no forensics: there is no place that evidence could go to");
  }
  const account = accountId(landscape.accounts.forensics);
  const credentials = forClient(await setting.session(account, "evidence"));
  const regions = evidenceRegions(landscape, landscape.forensics);
  const region = regions.includes(machine.region) ? machine.region : landscape.homeRegion;
  const lambda = new LambdaClient({ region: landscape.homeRegion, credentials });
  // By its id, which stays the same wherever the alias is moved; and who copies from another account may not ask.
  const kms = new KMSClient({ region, credentials });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: evidenceKeyAliasName(landscape) }));
  return {
    account,
    region,
    bucket: bucketName(landscape, "evidence", region),
    key: KeyMetadata?.Arn ?? "",
    s3: new S3Client({ region, credentials }),
    sign: signByCustodian(lambda, custodyFunctionArn(landscape)),
  };
}

const marks = { preserved: "✓", pending: "…", failed: "✗", planned: "→" } as const;

/** What was done and is there, as a terminal shows it. */
export function preservationText({
  results,
  volumes,
  pieces,
  manifest,
  problems,
  warnings,
}: Preservation): string {
  return [
    ...results.map(resultText),
    ...volumes.map(
      ({ volume, device, state, copy, why }) =>
        `${marks[state]} ${volume} at ${line(device)}: ${state}${copy === undefined ? "" : `, ${copy} in the forensics account`}` +
        `${why === undefined ? "" : `, ${line(why, 400)}`}`,
    ),
    ...listed("Stored:", pieces),
    ...(manifest ? [`last manifest ${manifest.number}:${manifest.sha256}`] : []),
    ...listed("Not had:", problems),
    ...listed("Beware:", warnings),
    "",
  ].join("\n");
}
