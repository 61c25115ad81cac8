"""
Python runs this before the emulator starts, because its folder is on PYTHONPATH.

The emulator looks through its own folders and some three hundred patterns for every call, to find the service that a
host name means: two thirds of its time. The answer never changes, so it is kept. The line that is logged for each call
is another seventh.
"""

import functools
import logging

from forking import forkable
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

DomainDispatcherApplication.get_backend_for_host = functools.lru_cache(maxsize=None)(
    DomainDispatcherApplication.get_backend_for_host
)
logging.getLogger("werkzeug").setLevel(logging.WARNING)
forkable(DomainDispatcherApplication)
