"""The short-lived child that validates: `python -m neckguard.config FILE [--explicit]`.

Prints one JSON object: `plan` (or null), `problems`, `notes`. Whatever happens in here happens in here: the
daemon that asked never imports pydantic.
"""

import json
import os
import sys

from neckguard.core import Problem, to_plain
from neckguard.later import put_off


def answer(path: str, *, explicit: bool) -> dict[str, object]:
    """What to print for a file; a fault of ours is a problem like any other."""
    # Plugins of other projects are nothing to us, and looking for them costs a tenth of our time.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    try:
        from neckguard.config.check import check

        checked = check(path, explicit=explicit, environ=os.environ)
    except Exception as error:  # noqa: BLE001 - the daemon needs an answer, whatever went wrong
        message = (
            f"neckguard failed to read its settings ({type(error).__name__}: {error}); please report this"
        )
        return {"plan": None, "problems": [to_plain(Problem(path, 0, "", message))], "notes": []}
    return {
        "plan": to_plain(checked.plan),
        "problems": to_plain(checked.problems),
        "notes": to_plain(checked.notes),
    }


def main(arguments: list[str]) -> int:
    """Answer on stdout; 2 when asked wrongly."""
    explicit = "--explicit" in arguments
    paths = [argument for argument in arguments if argument != "--explicit"]
    if len(paths) != 1:
        sys.stderr.write("usage: python -m neckguard.config FILE [--explicit]\n")
        return 2
    for unused in ("asyncio", "secrets"):  # pydantic imports them, and they OpenSSL: 60 ms and 5 MB
        put_off(unused)
    sys.stdout.write(f"{json.dumps(answer(paths[0], explicit=explicit))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
