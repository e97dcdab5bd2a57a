"""What `doctor` makes of what the daemon says of itself."""

import os
from typing import Any

import pytest

from neckguard.doctor.finding import warning
from neckguard.doctor.running import check_daemon


def found(*kept_awake: dict[str, Any]) -> list[Any]:
    """The findings about a daemon that sees these holders."""
    presence = {"ok": True, "problem": "", "kept_awake": list(kept_awake)}
    return check_daemon({"pid": os.getpid(), "state": "running", "services": {"presence": presence}})[1:]


def holder(seconds: float, *, counts: bool = True) -> dict[str, Any]:
    return {"by": 'Caffeine: the "wish"', "seconds": seconds, "counts": counts}


def test_what_keeps_the_session_awake_for_a_day_is_named_with_what_to_write() -> None:
    text = (
        'Caffeine: the "wish" has kept the session awake for at least 26 h,'
        " so silence counts as sitting, for two hours each time"
    )
    remedy = r"end it, or under [presence] in the settings: still_ignore = [" + r'"Caffeine: the \"wish\""]'
    assert found(holder(26 * 3600.0)) == [warning("daemon", text, remedy)]


@pytest.mark.parametrize("each", [holder(86399.0), holder(90000.0, counts=False)])
def test_a_film_and_what_is_ignored_are_not(each: dict[str, Any]) -> None:
    assert found(each) == []


def test_an_older_daemon_tells_nothing_of_it() -> None:
    services = {"presence": {"ok": True, "problem": ""}}
    assert len(check_daemon({"pid": os.getpid(), "state": "running", "services": services})) == 1
