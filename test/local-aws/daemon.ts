import path from "node:path";
import { localEnvironment, localProcessEnvironment } from "./environment";
import type { Front } from "./front";
import { startLocalAws } from "./local-aws";
import { jsonAnswer } from "./protocol";
import { type LocalPool, startLocalPool } from "./provider-pool/local";
import { type Session, SessionFolder } from "./session";

/** The process that `npm start` leaves running: emulator, front and providers, until it is told to stop. */
async function main([directory = "", managementAccount = "", region = ""]: readonly string[]): Promise<void> {
  let session: Session | undefined;
  let pool: LocalPool | undefined;
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
      if (command === "stop") setTimeout(() => void end(running, pool), 50);
      return jsonAnswer({ ...session, counts: running.counts() });
    },
  });
  const environment = localProcessEnvironment(localEnvironment(front.port, region, path.resolve(directory)));
  pool = await startLocalPool({ environment, stackFolders: [path.resolve("cdktf.out", "stacks")] });
  session = {
    port: front.port,
    processId: process.pid,
    managementAccount,
    startedAt: new Date().toISOString(),
    providers: pool.environment,
    lanes: pool.lanes,
    ...(pool.steppedAside !== undefined && { withoutPool: pool.steppedAside }),
  };
  new SessionFolder(directory).write(session);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void end(front, pool));
}

async function end(front: Front, pool: LocalPool | undefined): Promise<void> {
  await pool?.stop();
  await front.stop();
  process.exit(0);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
