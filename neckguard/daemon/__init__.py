"""The resident process: outside → events → engine → effects → outside."""

import os
import sys
from importlib import import_module

from neckguard.later import import_unread, put_off

# asyncio imports ssl if it can: 4 MB of resident memory that a program without network never uses. None in
# the table of modules is how an import is forbidden.
sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]

# What asyncio, dataclasses, jeepney, schedule and traceback import and, as we use them, never or seldom need:
# 1.5 MB. All that jeepney wants of binascii, and dataclasses of inspect, is soon told.
_PUT_OFF = (
    "array",
    "asyncio.sslproto",
    "locale",
    "random",
    "shlex",
    "sysconfig",
    "textwrap",
    "tokenize",
    "traceback",
)


def _import_zoneinfo(folder: str = "/usr/share/zoneinfo") -> None:
    """Import it, told where the zones are: else it loads sysconfig, 0.1 MB, to hear of this very folder."""
    if "PYTHONTZPATH" in os.environ or not os.path.isdir(folder):
        return  # the person says where, or it is one of the rare systems that have them elsewhere
    os.environ["PYTHONTZPATH"] = folder
    import_module("zoneinfo")
    del os.environ["PYTHONTZPATH"]  # none of our children's business


for _name in _PUT_OFF:
    put_off(_name)
put_off("binascii", hexlify=lambda data: data.hex().encode())
put_off("jeepney.bus_messages", __all__=())  # how others talk to the bus itself
put_off("inspect", get_annotations=lambda kind: dict(vars(kind).get("__annotations__", {})))
_import_zoneinfo()
import_unread("schedule", "tomllib")
