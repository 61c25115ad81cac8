/**
 * What goes over the socket between a worker and its spawner: the length of the content in four bytes, the kind in one,
 * the content.
 */
const kinds = {
  /** To the spawner: the program as JSON, what it reads, the end of that, a signal. */
  start: 0,
  stdin: 1,
  stdinEnd: 2,
  kill: 3,
  /** From the spawner: the process id as JSON, an error as JSON, what it writes, exit code and signal as JSON, the end. */
  started: 10,
  failed: 11,
  stdout: 12,
  stderr: 13,
  exited: 14,
  closed: 15,
};

function frame(kind, content = Buffer.alloc(0)) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(content.length);
  head.writeUInt8(kind, 4);
  return Buffer.concat([head, content]);
}

const jsonFrame = (kind, value) => frame(kind, Buffer.from(JSON.stringify(value)));

/** Calls `take(kind, content)` for each frame that has come in whole. */
function eachFrame(socket, take) {
  let waiting = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= 5 && waiting.length >= 5 + waiting.readUInt32BE()) {
      const end = 5 + waiting.readUInt32BE();
      const [kind, content] = [waiting.readUInt8(4), waiting.subarray(5, end)];
      waiting = waiting.subarray(end);
      take(kind, content);
    }
  });
}

/** Where the spawner of a worker listens. */
const socketVariable = "IR_KIT_TEST_SPAWNER";

module.exports = { socketVariable, kinds, frame, jsonFrame, eachFrame };
