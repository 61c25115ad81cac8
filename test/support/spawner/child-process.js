/**
 * `node:child_process` for tests. Linux copies the tables of a process's memory for each program that it starts, and each
 * page that it writes afterwards costs a fault: some hundred milliseconds for a worker of Jest. So a small process starts
 * them (`spawner.js`), and the worker is told of what they write and how they end.
 */
// Without the prefix it is the module itself: Jest maps the name with the prefix to this file.
// biome-ignore lint/style/useNodejsImportProtocol: see above
const actual = require("child_process");
const { EventEmitter } = require("node:events");
const { connect } = require("node:net");
const { PassThrough, Writable } = require("node:stream");
const { eachFrame, frame, jsonFrame, kinds, socketVariable } = require("./frames.js");

class RemoteProcess extends EventEmitter {
  pid = undefined;
  exitCode = null;
  signalCode = null;
  killed = false;
  connected = false;

  constructor(socketPath, command, args, options, stdio) {
    super();
    this.spawnfile = command;
    this.spawnargs = [command, ...args];
    this.socket = connect(socketPath);
    const isPipe = (place) => stdio[place] === "pipe";
    this.stdin = isPipe(0) ? this.writable() : null;
    this.stdout = isPipe(1) ? new PassThrough() : null;
    this.stderr = isPipe(2) ? new PassThrough() : null;
    this.stdio = [this.stdin, this.stdout, this.stderr];
    eachFrame(this.socket, (kind, content) => this.take(kind, Buffer.from(content)));
    this.socket.on("error", (error) => this.emit("error", error));
    this.socket.write(jsonFrame(kinds.start, { command, args, options }));
  }

  writable() {
    return new Writable({
      write: (chunk, _encoding, done) => {
        this.socket.write(frame(kinds.stdin, Buffer.from(chunk)), () => done());
      },
      final: (done) => {
        this.socket.write(frame(kinds.stdinEnd));
        done();
      },
    });
  }

  take(kind, content) {
    const told = () => JSON.parse(content.toString());
    if (kind === kinds.stdout) this.stdout?.write(content);
    else if (kind === kinds.stderr) this.stderr?.write(content);
    else if (kind === kinds.started) {
      this.pid = told();
      this.emit("spawn");
    } else if (kind === kinds.failed) {
      const { message, ...details } = told();
      this.emit("error", Object.assign(new Error(message), details));
    } else if (kind === kinds.exited) {
      [this.exitCode, this.signalCode] = told();
      this.emit("exit", this.exitCode, this.signalCode);
    } else if (kind === kinds.closed) this.close();
  }

  /** What nobody reads is dropped, as Node drops it. */
  close() {
    const streams = [this.stdout, this.stderr].filter((stream) => stream !== null);
    let open = streams.length;
    const end = () => {
      if (open === 0) this.emit("close", this.exitCode, this.signalCode);
    };
    for (const stream of streams) {
      stream.once("close", () => {
        open -= 1;
        end();
      });
      stream.end();
      if (stream.readableFlowing === null && stream.listenerCount("readable") === 0) stream.resume();
    }
    end();
  }

  kill(signal = "SIGTERM") {
    if (this.exitCode !== null || this.signalCode !== null) return false;
    this.killed = true;
    return this.socket.write(frame(kinds.kill, Buffer.from(JSON.stringify(signal)))) || true;
  }

  ref() {
    this.socket.ref();
  }

  unref() {
    this.socket.unref();
  }
}

const known = ["cwd", "env", "stdio", "shell", "detached", "argv0", "uid", "gid", "windowsHide"];

/** Nothing where the program needs what only its own parent can give it: a terminal, a file, a channel, a deadline. */
function remoteStdio(options) {
  const { stdio = "pipe" } = options;
  const places = typeof stdio === "string" ? [stdio, stdio, stdio] : [...stdio];
  while (places.length < 3) places.push("pipe");
  const names = places.map((place) => place ?? "pipe");
  const isPlain = names.every((place) => place === "pipe" || place === "ignore");
  return isPlain && Object.keys(options).every((name) => known.includes(name)) ? names : undefined;
}

function spawn(command, ...rest) {
  const args = Array.isArray(rest[0]) ? rest[0] : [];
  const options = (Array.isArray(rest[0]) ? rest[1] : (rest[0] ?? rest[1])) ?? {};
  const socketPath = process.env[socketVariable];
  const stdio = remoteStdio(options);
  if (socketPath === undefined || stdio === undefined) return actual.spawn(command, ...rest);
  const whole = {
    ...options,
    stdio,
    cwd: String(options.cwd ?? process.cwd()),
    env: { ...(options.env ?? process.env) },
  };
  return new RemoteProcess(socketPath, command, args, whole, stdio);
}

module.exports = { ...actual, spawn };
