import { setTimeout as sleep } from "node:timers/promises";
import { control, localDirectory, SessionFolder } from "./session";

/** `npm stop`: ends the local AWS that `npm start` left running. */
async function main(): Promise<void> {
  const status = await new SessionFolder(localDirectory).running();
  if (!status) {
    process.stdout.write("No local AWS is running here.\n");
    return;
  }
  await control(status.port, "stop");
  for (let waited = 0; waited < 10_000; waited += 100) {
    if (!alive(status.processId)) {
      process.stdout.write(`Stopped the local AWS at http://127.0.0.1:${status.port}.\n`);
      return;
    }
    await sleep(100);
  }
  process.stderr.write(
    `The local AWS (process ${status.processId}) does not end; stop it with: kill ${status.processId}\n`,
  );
  process.exitCode = 1;
}

function alive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

void main();
