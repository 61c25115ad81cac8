import { runCommand } from "./run-command";

// Whoever reads the first lines only, as head does, has what he wanted; what is being done goes on to its end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void runCommand(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
