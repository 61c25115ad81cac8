"""
Identities without what the emulator makes of them needlessly.

To find the account of an access key it looks into every partition of every account, and so makes an IAM there with AWS's
1,400 managed policies; and for each account it reads and parses these policies anew. A call of one user took seconds.
"""

import copy
import json
from functools import lru_cache

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam import models
from moto.settings import load_iam_aws_managed_policies


def account_of(access_key):
    """The account that holds a key, looked for only where there is an IAM already."""
    for account, partitions in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return account
    return DEFAULT_ACCOUNT_ID


@lru_cache(maxsize=None)
def managed_policies(region):
    return [
        models.AWSManagedPolicy.from_data(name, DEFAULT_ACCOUNT_ID, region, data)
        for name, data in json.loads(models.aws_managed_policies_data).items()
    ]


def own_policies(backend):
    """AWS's managed policies for one account, which counts for itself what they are attached to."""
    if not load_iam_aws_managed_policies():
        return []
    return [own_copy(policy, backend.account_id) for policy in managed_policies(backend.region_name)]


def own_copy(policy, account):
    own = copy.copy(policy)
    own.account_id = account
    own.tags = {}
    own.versions = [copy.copy(version) for version in policy.versions]
    return own


def install():
    models.get_account_id_from = account_of
    models.IAMBackend._init_aws_policies = own_policies
