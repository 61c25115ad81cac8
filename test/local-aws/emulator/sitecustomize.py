"""
Python runs this before the emulator starts, because its folder is on PYTHONPATH.

The emulator looks through its own folders and some three hundred patterns for every call, to find the service that a
host name means: two thirds of its time. The answer never changes, so it is kept. The line that is logged for each call
is another seventh.

What it reads and makes stays: looking for garbage each time some hundred objects were made, which is Python's choice, is a
quarter of its time.

LOCAL_AWS_WARM makes it read at once the services that the tests use, which its copies then need not. LOCAL_AWS_OWNER is the process with which the emulator ends, however that process ends.
"""

import functools
import gc
import logging
import os
import threading

import identities
from forking import end_with, forkable
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

gc.set_threshold(200_000, 20, 20)
DomainDispatcherApplication.get_backend_for_host = functools.lru_cache(maxsize=None)(
    DomainDispatcherApplication.get_backend_for_host
)
logging.getLogger("werkzeug").setLevel(logging.WARNING)
forkable(DomainDispatcherApplication)
identities.install()

owner = os.environ.get("LOCAL_AWS_OWNER")
if owner is not None:
    threading.Thread(target=end_with, args=(int(owner),), daemon=True).start()

if os.environ.get("LOCAL_AWS_WARM"):
    from moto.backends import get_backend

    for service in ("cloudformation", "cloudtrail", "dynamodb", "ec2", "events", "guardduty", "iam", "kms", "awslambda",
                    "logs", "organizations", "route53resolver", "s3", "s3control", "securityhub", "sns", "sqs", "ssm",
                    "sts", "stepfunctions"):
        get_backend(service)
