"""
Forks of a running emulator.

`POST /local-aws/fork` with `{"owner": <process id>}` answers with the port and the process id of a copy that holds
everything this emulator holds, and from then on goes its own way. The copy ends on SIGTERM, or when its owner is gone.
"""

import gc
import json
import os
import random
import stat
import threading
import time

from moto.moto_api._internal import mock_random
from werkzeug.serving import make_server

PATH = "/local-aws/fork"
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 60


# One call at a time, and none while a copy is made. The emulator changes a dictionary while another call goes through
# it, and fails; a copy made amid a call would hold half a change. Python computes one thing at a time anyway.
turn = threading.Lock()


def forkable(application_class):
    """Adds the request for a fork to the emulator's application."""
    answer_call = application_class.__call__

    def answer(self, environ, start_response):
        if environ.get("PATH_INFO") == PATH and environ["REQUEST_METHOD"] == "POST":
            return answer_fork(self, environ, start_response)
        with turn:
            return answer_call(self, environ, start_response)

    application_class.__call__ = answer


def answer_fork(application, environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        owner = int(json.loads(environ["wsgi.input"].read(length))["owner"])
    except (ValueError, KeyError, TypeError):
        return answer_json(start_response, "400 Bad Request", {"message": 'a fork needs {"owner": <process id>}'})
    try:
        return answer_json(start_response, "200 OK", fork(application, owner))
    except (OSError, EOFError) as error:
        return answer_json(start_response, "500 Internal Server Error", {"message": f"no fork: {error}"})


def answer_json(start_response, status, content):
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def fork(application, owner):
    if not turn.acquire(timeout=PATIENCE_SECONDS):
        raise TimeoutError(f"another call is on its way for {PATIENCE_SECONDS} seconds")
    try:
        # In its turn no other copy is made, which would hold this pipe open to its own end.
        reading, writing = os.pipe()
        # What stands now is never collected, and so stays shared memory.
        gc.freeze()
        process = os.fork()
        if process == 0:
            os.close(reading)
            run_fork(application, owner, writing)
        os.close(writing)
    finally:
        turn.release()
    threading.Thread(target=os.waitpid, args=(process, 0), daemon=True).start()
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    if not told:
        raise EOFError("the copy ended before it listened")
    return json.loads(told)


def run_fork(application, owner, writing):
    """Never returns: what called it belongs to the emulator that was forked."""
    global turn
    try:
        turn = threading.Lock()
        leave_to_the_template()
        random.seed()
        mock_random.seed()
        # A lock that a thread held which does not exist here would be held for ever.
        application.lock = threading.Lock()
        server = make_server("127.0.0.1", 0, application, threaded=True)
        os.environ["MOTO_PORT"] = str(server.port)
        threading.Thread(target=end_with, args=(owner,), daemon=True).start()
        os.write(writing, json.dumps({"port": server.port, "processId": os.getpid()}).encode())
        os.close(writing)
        server.serve_forever()
    except SystemExit:
        pass
    finally:
        os._exit(0)


def leave_to_the_template():
    """Sockets and standard error are the template's; their numbers stay taken, since objects still name them."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/dev/fd"):
        descriptor = int(name)
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode) or descriptor == 2:
                os.dup2(nothing, descriptor)
        except OSError:
            continue


def end_with(owner):
    while True:
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            os._exit(0)
        except PermissionError:
            pass
        time.sleep(POLL_SECONDS)
