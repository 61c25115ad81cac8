// Starts programs for a worker of Jest: `node spawner.js <socket>`. Ends with the worker, whose end closes its input.
const { spawn } = require("node:child_process");
const { createServer } = require("node:net");
const { eachFrame, frame, jsonFrame, kinds } = require("./frames.js");

const plain = ({ message, code, errno, syscall, path, spawnargs }) => ({
  message,
  code,
  errno,
  syscall,
  path,
  spawnargs,
});

function start(socket, { command, args, options }) {
  let child;
  try {
    child = spawn(command, args, options);
  } catch (error) {
    socket.write(jsonFrame(kinds.failed, plain(error)));
    return undefined;
  }
  child.on("spawn", () => socket.write(jsonFrame(kinds.started, child.pid)));
  child.on("error", (error) => socket.write(jsonFrame(kinds.failed, plain(error))));
  child.stdout?.on("data", (chunk) => socket.write(frame(kinds.stdout, chunk)));
  child.stderr?.on("data", (chunk) => socket.write(frame(kinds.stderr, chunk)));
  child.stdin?.on("error", () => {});
  child.on("exit", (...how) => socket.write(jsonFrame(kinds.exited, how)));
  child.on("close", () => socket.end(frame(kinds.closed)));
  return child;
}

const server = createServer((socket) => {
  let child;
  const reactions = {
    [kinds.start]: (content) => {
      child = start(socket, JSON.parse(content.toString()));
    },
    [kinds.stdin]: (content) => child?.stdin?.write(content),
    [kinds.stdinEnd]: () => child?.stdin?.end(),
    [kinds.kill]: (content) => child?.kill(JSON.parse(content.toString())),
  };
  eachFrame(socket, (kind, content) => reactions[kind]?.(Buffer.from(content)));
  // A test file that is over asks for nothing any more, whatever its programs still say.
  socket.on("error", () => {});
});

server.listen(process.argv[2], () => process.stdout.write("listening\n"));
process.stdin.on("end", () => process.exit());
process.stdin.resume();
