"""The daemon: one inbox. Outside → events → engine → effects → outside."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from neckguard.content import loader
from neckguard.control.lock import AlreadyRuns
from neckguard.core import LONGEST_NAP, Engine, Moment, Reply, events, model, verbs
from neckguard.daemon import journal
from neckguard.daemon.clock import BootTimer, SleepGauge, WallJumps
from neckguard.daemon.in_force import SettingsInForce
from neckguard.daemon.memory import Memory
from neckguard.daemon.notices import (
    BLIND,
    CONFIG,
    WELCOME,
    CardEvent,
    Notices,
    blind_card,
    headline,
    welcome_card,
)
from neckguard.daemon.outside import Outside
from neckguard.daemon.performer import Performer
from neckguard.daemon.settings_file import ConfigState

_log = logging.getLogger(__name__)

CRASHED = 70
_LOOKS_WITHIN = 2.0  # seconds that asking for quiet reasons may take before a prompt
_TROUBLED_NAP = 30.0  # seconds after which the disk is tried again: nobody tells that it was mended

_BROKE = Reply(ok=False, message="That failed; neckguard starts anew. Please try again.")
_GAVE_WAY = Reply(
    ok=False, message="neckguard just found what it had kept, and goes on with that. Please try again."
)


class Daemon:
    """The life of one daemon, to its `end`. The ports that `connect` makes call `feed`."""

    def __init__(
        self,
        engine: Engine,
        config: ConfigState,
        connect: "Callable[[Daemon], Outside]",
        *,
        welcomed: bool,
    ) -> None:
        self.engine = engine
        self.config = config
        self._inbox: deque[events.Event] = deque()
        self.busy = False  # whether something is being handled at this moment
        self._headline = ""
        self._gauge = SleepGauge()
        self._timer = BootTimer(self.wake)
        self._jumps = WallJumps(self.wake)
        self._tasks: set[asyncio.Task[Any]] = set()
        watchdog = journal.watchdog_interval()
        self._longest_nap = min(LONGEST_NAP, watchdog) if watchdog else LONGEST_NAP
        self.met_notifier = asyncio.Event()  # it is known whether prompts can be shown
        self.stopped = asyncio.Event()
        self.exit_code = 0
        self.gave_way = False  # and another life shall follow
        self.outside = connect(self)
        self._desktop = self.outside.desktop
        self.memory = Memory(engine, self.outside, welcomed=welcomed)
        self._notices = Notices(self._desktop.notifier.show, self._desktop.notifier.hide)
        self.settings = SettingsInForce(engine, config, self.outside, self._notices, self.feed)
        self._perform = Performer(self.outside, self._notices, lambda: self.spawn(self._look())).perform
        self._perform(engine.world.effects)  # what the time since the last life brought about

    # ---- the inbox ----------------------------------------------------------------------------------------

    def feed(self, event: events.Event) -> None:
        """Take in what happened. Effects may lead to further events: they wait their turn."""
        self._inbox.append(event)
        if not self.busy and not self._gives_way():
            with self._turn():
                pass  # it waits in the inbox

    def wake(self) -> None:
        """Time passed, or the clock was set."""
        self.feed(events.Tick())

    def obey(self, verb: verbs.Verb) -> Reply:
        """Do what the person asks. Durable when this returns, or the reply says that it is not."""
        if self._gives_way():
            return _GAVE_WAY
        # What another machine told, a hook here would tell it in turn, for ever.
        elsewhere = isinstance(verb, verbs.Done) and verb.elsewhere
        if self.memory.failing or elsewhere:
            self.wake()  # what time alone brought about is none of the verb's
        reply, before = _BROKE, self.memory.stand()
        with self._turn():
            reply, effects = self.engine.obey(verb, self._now())
            self._perform(effects, hooks=not elsewhere)
        return self.memory.confess(reply, before)

    def _gives_way(self) -> bool:
        """Whether this life ends unsaved: an earlier one came to light, with a disk that was mounted late."""
        if not self.gave_way and self.memory.outdated():
            _log.info("What an earlier life kept is there now; neckguard goes on with that.")
            self.outside.history.forget()  # the next life accounts for the time since
            self.gave_way = True
            self.stopped.set()
        return self.gave_way

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """What is done in it, all that follows from it, and the state of things afterwards, kept."""
        self.busy = True
        try:
            yield
            self._finish()
            while self._inbox:
                self._finish()
        except Exception:  # noqa: BLE001 - see below
            # A state that should not be: better a fresh life from what was kept than a daemon gone deaf.
            _log.exception("neckguard must start anew.")
            self._inbox.clear()
            self.exit_code = CRASHED
            self.stopped.set()
        finally:
            self.busy = False

    def _finish(self) -> None:
        """Empty the inbox, then make it durable and rest; only that may fill it again."""
        while self._inbox:
            self._process(self._inbox.popleft())
        self.outside.recorder.look()
        self.keep()
        self._rest()

    def _process(self, event: events.Event) -> None:
        now = self._now()
        if isinstance(event, events.NotifierChanged):
            self._notices.notifier_changed(event)
            self.met_notifier.set()
            self.share_terminal()
        if isinstance(event, events.NotifierChanged | events.SourceChanged):
            self._tell_blind()
        if isinstance(event, events.ScreenReader):
            self._desktop.notifier.patient = event.on
        if isinstance(event, CardEvent) and self._notices.owns(event.key):
            self._heard_notice(event)
        else:
            self.memory.touched |= isinstance(event, events.Answered)
            self._perform(self.engine.handle(event, now))

    def _now(self) -> Moment:
        """This instant; the engine knows already that the machine slept before it."""
        now = self.outside.clock.now()
        slept = self._gauge.taken()
        if slept:
            self._perform(self.engine.handle(events.Slept(slept), now))
            self._desktop.quiet.renew()
        return now

    async def _look(self) -> None:
        """Let the quiet reasons be told that nobody announces; what takes too long is taken for none."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOKS_WITHIN):
                await self._desktop.quiet.look()
        self.feed(events.Looked())  # not if the end came first: the inbox is closed then

    def keep(self, *, always: bool = False) -> None:
        """Make it durable, before anybody is told. Not a life that broke or gave way, whoever asks."""
        if self.exit_code != CRASHED and not self.gave_way:
            self.memory.keep(always=always)

    def _rest(self) -> None:
        """Set the one timer, and let the outside know that we live."""
        now = self.engine.world.now
        self._look_after_runtime()
        journal.watchdog()
        self._desktop.presence.watch(self.engine.idle_threshold)
        deadline = self.engine.deadline()
        latest = now.boot + (min(self._longest_nap, _TROUBLED_NAP) if self._troubled else self._longest_nap)
        self._timer.arm(latest if deadline is None else min(deadline, latest))
        line = headline(self.engine)
        if line != self._headline:
            self._headline = line
            journal.status(line)
        self.outside.control.changed()
        self.outside.tray.changed()
        if self.outside.watch.deaf and self.outside.watch.stale():
            self.settings_touched()

    @property
    def _troubled(self) -> bool:
        """Whether something on the disk could not be used, and is tried again at the next wake."""
        return bool(self.memory.failing or self.outside.files.lock.problem or self.outside.control.problem)

    # ---- notices ------------------------------------------------------------------------------------------

    def welcome(self) -> None:
        """Introduce neckguard, once ever: not where that cannot be remembered."""
        if not self.memory.welcomed and not self.memory.failure:
            self._notices.post(welcome_card(loader.disclaimer()))

    def mention(self, card: model.Card) -> None:
        """Say something beside the reminders, if it can be said now."""
        self._notices.mention(card)

    def share_terminal(self) -> None:
        """Prompts and the log may have the same terminal: then it belongs to the prompts."""
        journal.share_terminal(with_prompts=self._desktop.notifier.on_terminal)

    def _tell_blind(self) -> None:
        """With prompts on the terminal, what the log would say of presence stands among them."""
        if self._desktop.notifier.on_terminal and self._desktop.presence.status()["problem"]:
            self._notices.post(blind_card())
        else:
            self._notices.retract(BLIND)

    def _heard_notice(self, event: CardEvent) -> None:
        self._notices.heard(event)
        if event.key == WELCOME and isinstance(event, events.Delivered):
            self.memory.welcomed = True
        if event.key == CONFIG and isinstance(event, events.Answered):
            from neckguard.daemon.open_file import open_file  # seldom needed

            self.spawn(open_file(self.config.path))

    def settings_touched(self) -> None:
        """The settings file changed, or may have changed."""
        self.spawn(self.settings.look())

    def _look_after_runtime(self) -> None:
        """The runtime directory may be deleted under us; whoever took our place there meanwhile keeps it."""
        files = self.outside.files
        try:
            files.lock.acquire()
        except AlreadyRuns as error:
            _log.error("%s", error)
            self.exit_code = 1
            self.stopped.set()
            return
        if not files.lock.problem:  # without it, what lies there may be another's
            self.outside.control.ensure()
            files.heartbeat.touch(self.engine.world.now)
        self.outside.runtime.renew()

    # ---- the end ------------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Let something go on beside the inbox."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("Part of neckguard failed.", exc_info=task.exception())

    async def end(self) -> None:
        """Save the last of this life, and stop listening to time."""
        if not self.gave_way:
            journal.stopping()
        if self.exit_code != CRASHED:
            self.wake()
        self.keep(always=True)
        self._timer.close()
        self._jumps.close()
        for task in tuple(self._tasks):
            task.cancel()
