import type { Front } from "./front";
import { startLocalAws } from "./local-aws";
import { jsonAnswer } from "./protocol";
import { type Session, SessionFolder } from "./session";

/** The process that `npm start` leaves running: emulator and front, until it is told to stop. */
async function main([directory = "", managementAccount = ""]: readonly string[]): Promise<void> {
  let session: Session | undefined;
  const front = await startLocalAws({
    managementAccount,
    // A front without an emulator would go on answering for an AWS that is gone; the next `npm start` begins anew.
    onDeath: () => {
      process.stderr.write(
        "The emulator has ended: it was killed, or has crashed. The local AWS ends with it.\n",
      );
      process.exit(1);
    },
    control: async (command, running) => {
      if (command === "reset") await running.reset();
      if (command === "stop") setTimeout(() => void end(running), 50);
      return jsonAnswer({ ...session, counts: running.counts() });
    },
  });
  session = {
    port: front.port,
    processId: process.pid,
    managementAccount,
    startedAt: new Date().toISOString(),
  };
  new SessionFolder(directory).write(session);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end(front));
}

async function end(front: Front): Promise<void> {
  await front.stop();
  process.exit(0);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
