"""Has done outside what the engine wants done there."""

import logging
from collections.abc import Callable, Iterable

from neckguard.core import Happening, model
from neckguard.daemon.notices import Notices
from neckguard.daemon.outside import Outside

_log = logging.getLogger(__name__)


class Performer:
    """Hands each effect to whoever brings it about; `look` has the quiet reasons asked."""

    def __init__(self, outside: Outside, notices: Notices, look: Callable[[], object]) -> None:
        self._outside = outside
        self._desktop = outside.desktop
        self._notices = notices
        self._look = look

    def perform(self, effects: Iterable[model.Effect], *, hooks: bool = True) -> None:
        """Do it all, in this order; the person's hooks hear of it if they should."""
        for effect in effects:
            match effect:
                case model.Show() | model.Hide():
                    self._change_screen(effect)
                case model.Look():
                    self._look()
                case model.Doubt():
                    self._desktop.doubt()
                case model.Ring(alone):
                    self._outside.bell.ring(alone)
                case model.StayAwake(why):
                    self._desktop.awake.want(why)
                case model.Record():
                    _write_log(effect)
                    self._outside.recorder.hear(effect)
                    if hooks:
                        self._outside.hooks.hear(effect)

    def _change_screen(self, change: model.Show | model.Hide) -> None:
        match change:
            case model.Show(card) if self._notices.owns(card.key):
                self._notices.post(card)
            case model.Show(card):
                self._desktop.notifier.show(card)
            case model.Hide(key) if self._notices.owns(key):
                self._notices.retract(key)
            case model.Hide(key):
                self._desktop.notifier.hide(key)


def _write_log(record: model.Record) -> None:
    # Why they pause are the person's own words: what is in the journal no `history erase` takes back.
    reason = f" ({record.reason})" if record.reason and record.what is not Happening.PAUSED else ""
    level = logging.DEBUG if record.what == "due" else logging.INFO
    subject = f"{record.reminder}: " if record.reminder else ""
    _log.log(level, "%s%s%s", subject, record.what.replace("_", " "), reason)
