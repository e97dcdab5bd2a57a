"""How a life of the daemon goes on from what the last one left."""

import json
import logging
from typing import Any

from neckguard.content import loader
from neckguard.core import (
    Engine,
    LastLife,
    Moment,
    Plan,
    Tick,
    at_instant,
    from_plain,
    revive,
    take_anchor,
    take_state,
    view,
)
from neckguard.daemon.outside import Files, Left
from neckguard.storage.heartbeat import Beat, boot_id
from neckguard.storage.history.rows import UNWRITTEN

_log = logging.getLogger(__name__)

_SAID = 200  # characters of what is wrong with a state
_IDS = range(1, 2**32)  # of notifications: what the bus takes for one


def inherit(plan: Plan, files: Files, now: Moment) -> tuple[Engine, Left]:
    """The engine that goes on where the last life ended, and what else that one left.

    A start always succeeds: a state that cannot be revived is set aside, and all begins anew.
    """
    kept = files.state.load()
    if kept is not None:
        try:
            return _revived(plan, kept, files.heartbeat.last(), now)
        except Exception as error:  # noqa: BLE001 - anything may stand in the file, and do anything
            _log.debug("what was kept cannot be revived", exc_info=True)
            files.state.set_aside(f"{type(error).__name__}: {error}"[:_SAID])
    return Engine(plan, loader.load_content(), now), Left()


def _revived(plan: Plan, kept: dict[str, Any], beat: Beat | None, now: Moment) -> tuple[Engine, Left]:
    """The same, of what was kept.

    Raises:
        Exception: any: it does not fit.
    """
    life = _last_life(kept, beat, now)
    state = kept["state"]
    cards = from_plain(tuple[tuple[str, str, int], ...], state.get("notifications", []))
    left = Left(
        ended=life.ended.wall.timestamp(),
        cards=tuple(card for card in cards if card[2] in _IDS),
        unwritten=state.get(UNWRITTEN, ()),
        welcomed=from_plain(bool, state.get("welcomed", False)),
    )
    engine = revive(plan, loader.load_content(), kept, life, misfit=_log.debug)
    _prove(engine, now)
    return engine, left


def _prove(engine: Engine, now: Moment) -> None:
    """Do what every life begins with, so that what cannot live fails here, and not at each start anew."""
    done = engine.world.effects
    engine.world.effects = [*done, *engine.handle(Tick(), now)]
    shown = [view(engine), take_anchor(engine), take_state(engine)]
    json.dumps(shown, allow_nan=False, ensure_ascii=False).encode()


def _last_life(kept: dict[str, Any], beat: Beat | None, now: Moment) -> LastLife:
    """The life that left what was kept."""
    boot, instant = (from_plain(float, kept["anchor"][clock]) for clock in ("boot", "instant"))
    same_boot = kept["state"].get("boot_id") == boot_id() and boot <= now.boot
    age = now.wall.timestamp() - instant
    shift = 0.0 if same_boot else now.boot - max(0.0, age) - boot
    began = boot + shift
    lived = began
    if same_boot and beat is not None and beat.boot_id == boot_id():
        lived = min(max(beat.boot, began), now.boot)
    ended = at_instant(now.wall.timestamp() - (now.boot - lived), now.wall)
    return LastLife(Moment(lived, ended), now, shift)
