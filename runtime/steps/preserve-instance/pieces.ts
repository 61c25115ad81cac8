import {
  DescribeInstanceAttributeCommand,
  GetConsoleOutputCommand,
  GetConsoleScreenshotCommand,
} from "@aws-sdk/client-ec2";
import type { File } from "../../custody/deposit";
import { reason } from "../../shared/errors";
import type { Machine } from "../../shared/machines";
import type { MachineClients } from "../../shared/setting";

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
