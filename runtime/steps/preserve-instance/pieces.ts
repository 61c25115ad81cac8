import { randomBytes } from "node:crypto";
import {
  DescribeInstanceAttributeCommand,
  GetConsoleOutputCommand,
  GetConsoleScreenshotCommand,
} from "@aws-sdk/client-ec2";
import { piecesOf } from "../../../landscape/evidence-prefixes";
import { reason } from "../../changes/change";
import type { Appended } from "../../custody/append";
import { storePiece } from "../../custody/deposit";
import type { Piece } from "../../custody/manifest";
import { utc } from "../../shared/clock";
import { type Machine, machineArn } from "../../shared/machines";
import type { MachineClients } from "../../shared/setting";
import type { PreservationSetting } from "./volumes";

/** A file of evidence before it is stored. */
export interface File {
  readonly name: string;
  readonly what: string;
  readonly body: Buffer;
}

export interface Deposited {
  readonly pieces: readonly Piece[];
  readonly manifest?: Pick<Appended, "number" | "sha256">;
  /** What went wrong, and what to do: evidence that nobody has signed for is evidence still. */
  readonly problems: readonly string[];
}

export const jsonFile = (name: string, what: string, content: unknown): File => ({
  name,
  what,
  body: Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`),
});

/** What the machine shows and was started with; what can't be had is told, and stops nothing. */
export async function shownBy(
  { ec2 }: MachineClients,
  { instance: InstanceId }: Machine,
): Promise<{ readonly files: File[]; readonly problems: string[] }> {
  const files: File[] = [];
  const problems: string[] = [];
  const take = async (name: string, what: string, read: () => Promise<string | undefined>) => {
    try {
      const base64 = await read();
      if (base64) files.push({ name, what, body: Buffer.from(base64, "base64") });
    } catch (error) {
      problems.push(`no ${what}: ${reason(error)}`);
    }
  };
  await Promise.all([
    take("console-output.txt", "console output", async () => {
      // Without it AWS gives what was posted shortly after the last start; not every type has more.
      const latest = await ec2
        .send(new GetConsoleOutputCommand({ InstanceId, Latest: true }))
        .catch(() => ec2.send(new GetConsoleOutputCommand({ InstanceId })));
      return latest.Output;
    }),
    take("console-screenshot.jpg", "console screenshot", async () => {
      const { ImageData } = await ec2.send(new GetConsoleScreenshotCommand({ InstanceId }));
      return ImageData;
    }),
    take("user-data", "user data", async () => {
      const { UserData } = await ec2.send(
        new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" }),
      );
      return UserData?.Value;
    }),
  ]);
  return { files, problems };
}

/** Stores files below the case and has the custodian sign for them; what goes wrong is told, and stops nothing. */
export async function deposit(
  setting: PreservationSetting,
  machine: Machine,
  files: readonly File[],
): Promise<Deposited> {
  const { evidence, clock, caseId, actor, kit } = setting;
  const collectedAt = utc(clock.now());
  // Two runs in one second must not take each other's names.
  const run = `${collectedAt.replaceAll(":", "")}-${randomBytes(3).toString("hex")}`;
  const source = machineArn(kit.partition, machine);
  const stored = await Promise.all(
    files.map(async ({ name, what, body }): Promise<Piece | string> => {
      const key = `${piecesOf(caseId)}instances/${machine.instance}/${run}-${name}`;
      try {
        const piece = await storePiece(evidence.s3, evidence.bucket, key, body);
        return { ...piece, what, source, collectedAt };
      } catch (error) {
        return `${what} was not stored: ${reason(error)}`;
      }
    }),
  );
  const pieces = stored.filter((one) => typeof one !== "string");
  const problems = stored.filter((one) => typeof one === "string");
  if (pieces.length === 0) return { pieces, problems };
  try {
    const { number, sha256 } = await evidence.sign({ case: caseId, actor, pieces });
    return { pieces, manifest: { number, sha256 }, problems };
  } catch (error) {
    const unsigned =
      `stored, and perhaps not signed for: ${reason(error)}. ` +
      `npx ir-kit custody sign --case ${caseId} --what … --source … has it signed`;
    return { pieces, problems: [...problems, unsigned] };
  }
}
