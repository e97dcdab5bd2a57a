"""A day at the simulated desk, kept as the daemon keeps it, comes out the same when it is replayed."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.virtual import TOPICS, plan

from neckguard.core.engine import Engine
from neckguard.core.model import Effect, Moment, Record
from neckguard.daemon.recorder import Recorder
from neckguard.preview.compare import account, as_it_was, as_replayed
from neckguard.preview.parse import parse
from neckguard.preview.recorded import as_scenario, within
from neckguard.preview.simulation import play
from neckguard.preview.trace import Trace
from neckguard.storage.history.reader import open_history, outcomes, spans
from neckguard.storage.history.writer import HistoryWriter

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
MONDAY = date(2026, 11, 23)
FOR_EVER = 1e12
PLAN = plan()

DAY = """\
09:38 leave                  # comes back after eight minutes
09:46 work
10:30 call                   # over a break
10:55 hang-up
12:20 dnd on                 # over a posture check
12:34 dnd off
12:40 leave
+10m  lock
13:20 unlock
14:00 pause 20m
14:45 share                  # and another
15:10 unshare
15:30 switch-away
15:40 switch-back
16:00 sleep
16:30 wake
17:45 leave
18:00 end
"""


def as_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> Trace:
    """The day; all that the engine does in it is written down, as the daemon does it."""
    kept = HistoryWriter(str(path), enabled=True, keep=FOR_EVER)
    recorders: dict[Engine, Recorder] = {}
    handle = Engine.handle

    def handle_and_note(engine: Engine, event: Any, now: Moment) -> list[Effect]:
        recorder = recorders.setdefault(engine, Recorder(engine, kept, lambda: None))
        effects = handle(engine, event, now)
        for effect in effects:
            if isinstance(effect, Record):
                recorder.hear(effect)
        recorder.look()
        return effects

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "handle", handle_and_note)
        day = play(parse(DAY, "day", NINE, PLAN, lambda _: PLAN), PLAN, TOPICS)
    kept.close()
    return day


def test_the_same_settings_bring_the_same_prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.db"
    day = as_kept(path, monkeypatch)
    connection = open_history(str(path))
    assert connection is not None
    with closing(connection):
        lasted = list(within(spans(connection, 0.0, FOR_EVER), MONDAY, MONDAY, day.end.timestamp()))
        story = as_it_was(outcomes(connection, 0.0, FOR_EVER))
    again = play(as_scenario(lasted), PLAN, TOPICS)
    # The person of a preview types in the same rhythm after every absence, so not even that is lost.
    assert [(each.reminder, f"{each.at:%H:%M:%S}") for each in again.showings] == [
        (each.reminder, f"{each.at:%H:%M:%S}") for each in day.showings
    ]
    assert {each.reason for each in again.waits} == {
        "you are in a call", "do not disturb is on", "the screen is shared", "you paused", "you are typing"
    }  # fmt: skip
    was = account(story, lasted, [MONDAY]).total
    now = account(as_replayed(again, PLAN), lasted, [MONDAY]).total
    assert (was.prompts, was.natural, was.prompted) == (now.prompts, now.natural, now.prompted)
    assert was.prompts == {"posture": 7, "stretch": 5, "break": 4}
    assert was.longest == pytest.approx(now.longest)
