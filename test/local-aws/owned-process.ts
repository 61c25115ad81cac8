import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Watches its own standard input, which the owner holds open: where the owner ends in whatever way, killed too, the
 * input ends, and the program is ended with it.
 */
const watch = `
"$0" "$@" 3<&- </dev/null &
program=$!
trap 'kill "$program" 2>/dev/null' TERM INT
{ read -r _; kill "$program" 2>/dev/null; sleep 3; kill -9 "$program" 2>/dev/null; } <&3 &
watcher=$!
exec 3<&-
while kill -0 "$program" 2>/dev/null; do wait "$program"; code=$?; done
kill "$watcher" 2>/dev/null
exit "\${code:-0}"
`;

const patience = 3000;

/** A program that ends with this process, however this process ends. */
export interface OwnedProcess {
  readonly child: ChildProcess;
  /** Asks it to end, ends it after three seconds, and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a program that can't outlive this process. Needs a POSIX shell.
 *
 * @param options `stdio` is that of the program, without standard input, which it has none of
 */
export function startOwned(
  program: string,
  args: readonly string[],
  {
    stdio,
    ...options
  }: Omit<SpawnOptions, "stdio"> & { readonly stdio: readonly ["ignore" | "pipe", "ignore" | "pipe"] },
): OwnedProcess {
  const child = spawn("sh", ["-c", watch, program, ...args], {
    ...options,
    // A group of its own: Ctrl-C on a terminal reaches the owner, and through it the program.
    detached: true,
    stdio: ["ignore", ...stdio, "pipe"],
  });
  return { child, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  signalGroup(child.pid, "SIGTERM");
  const late = setTimeout(() => signalGroup(child.pid ?? 0, "SIGKILL"), patience);
  await ended;
  clearTimeout(late);
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended by itself.
  }
}
