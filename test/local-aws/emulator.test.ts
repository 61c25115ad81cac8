import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { describeWithEmulator } from "../support/with-tools";
import { emulatorCommand } from "./tools";

/** The Python of the emulator: beside its program in an environment of its own, else the one on the PATH. */
function python(): string {
  const beside = path.join(path.dirname(emulatorCommand()), "python3");
  return existsSync(beside) ? beside : "python3";
}

const runPython = (program: string): string =>
  execFileSync(python(), ["-c", program], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: path.join(__dirname, "emulator") },
  });

describeWithEmulator("the emulator", () => {
  // Seen: `DeleteRole` failed with a 500, since another call had changed the roles that it was looking through.
  it("answers one call at a time", () => {
    const answered = runPython(`
import threading, time
from forking import forkable

class Application:
    inside = most = answered = 0

    def __call__(self, environ, start_response):
        Application.inside += 1
        Application.most = max(Application.most, Application.inside)
        time.sleep(0.01)
        Application.inside -= 1
        Application.answered += 1

forkable(Application)
application = Application()
call = {"PATH_INFO": "/", "REQUEST_METHOD": "POST"}
threads = [threading.Thread(target=application, args=(call, None)) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(Application.answered, "answered,", Application.most, "at once")
`);
    expect(answered.trim()).toBe("20 answered, 1 at once");
  });
});
