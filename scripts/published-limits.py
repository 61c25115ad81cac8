"""Writes quotas/published.json anew: what AWS's models of its APIs say of each member that the file names.

The models come with botocore, AWS's SDK for Python, which the emulator brings along. To add a member, add its name with
an empty object and run: python3 scripts/published-limits.py; with --check it writes nothing, and fails where the file is
not what the models say.
"""

import json
import pathlib
import re
import sys

import botocore
import botocore.session

FILE = pathlib.Path(__file__).parent.parent / "quotas" / "published.json"


def shape_of(session, name):
    """Shape of a member, such as `iam:CreateRole.Tags[].Key`: `[]` is a list's item, `{}` a map's value."""
    service, rest = name.split(":", 1)
    operation, path = rest.split(".", 1)
    shape = session.get_service_model(service).operation_model(operation).input_shape
    for part in path.split("."):
        shape = shape.members[re.sub(r"(\[\]|\{\})+$", "", part)]
        for step in re.findall(r"\[\]|\{\}", part):
            shape = shape.member if step == "[]" else shape.value
    return shape


def main():
    session = botocore.session.get_session()
    names = [name for name in json.loads(FILE.read_text()) if ":" in name]
    limits = {"botocore": botocore.__version__}
    for name in sorted(names):
        metadata = shape_of(session, name).metadata
        limits[name] = {key: metadata[key] for key in ("min", "max", "pattern") if key in metadata}
    text = json.dumps(limits, indent=2, ensure_ascii=True) + "\n"
    if "--check" in sys.argv[1:]:
        if text != FILE.read_text():
            sys.exit(f"{FILE.name} is not what botocore {botocore.__version__} says; run: python3 scripts/published-limits.py")
    else:
        FILE.write_text(text)


if __name__ == "__main__":
    main()
