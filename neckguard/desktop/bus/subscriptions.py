"""What a bus is asked to tell us, and what becomes of that: whose the names are, what it refuses to tell."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from jeepney import Message

from neckguard.desktop.bus.reply import IF_IT_LASTS, BusError, BusLost, BusNonsense, open_reply
from neckguard.desktop.bus.signals import Watch, Watches, follow, rules, senders

log = logging.getLogger(__name__)

Reply = asyncio.Future[Message]


class Subscriptions:
    """The watches on one bus. `ask(member, argument)` asks the bus; `renewed` hears of a late success."""

    def __init__(self, label: str, ask: Callable[[str, str], Reply], renewed: Callable[[], None]) -> None:
        self.watches = Watches()
        self._label = label
        self._ask = ask
        self._renewed = renewed
        self._refused: dict[str, str] = {}  # match rules, and why the bus does not take them
        self._refusal = asyncio.Event()
        self._deaf = False  # as the log has it, over all connections

    @property
    def problem(self) -> str:
        """Why signals may be missed; empty: none is."""
        if not self._refused:
            return ""
        why = next(iter(self._refused.values()))
        return f"the {self._label} bus does not tell all news, so some may be missed: {why}; {IF_IT_LASTS}"

    def begin(self, watches: list[Watch]) -> list[Reply]:
        """Ask the bus for their signals and, where they name a well-known sender, for whose name it is."""
        asked = [self._ask_for(rule) for rule in rules(watches)]
        owners = [(name, self._ask("GetNameOwner", name)) for name in senders(watches)]
        for name, reply in owners:
            reply.add_done_callback(partial(self._learn_owner, name))
        return asked + [reply for _, reply in owners]

    async def insist(self) -> None:
        """Ask again for what is refused, ever more rarely, for ever."""
        await follow(self._refusal, self._ask_again)

    def end(self) -> None:
        """The connection is gone, and all that belonged to it."""
        self.watches.forget_owners()
        self._refused.clear()

    async def _ask_again(self) -> bool:
        """Whether all is granted now. The first time this is at once."""
        before = list(self._refused)
        if before:
            with suppress(BusLost):
                await asyncio.wait([self._ask_for(rule) for rule in before])
            if len(self._refused) < len(before):
                self._renewed()
        if self._deaf != bool(self._refused):
            self._deaf = not self._deaf
            log.warning("%s.", self.problem or f"The {self._label} bus tells all news again")
        return not self._refused

    def _ask_for(self, rule: str) -> Reply:
        reply = self._ask("AddMatch", rule)
        reply.add_done_callback(partial(self._learn_verdict, rule))
        return reply

    def _learn_verdict(self, rule: str, reply: Reply) -> None:
        """Whether the bus sends these signals; a lost connection is told elsewhere."""
        if reply.cancelled() or reply.exception():
            return
        try:
            open_reply(reply.result(), self._label, "AddMatch", "")
        except BusError as error:
            if rule not in self._refused:
                self._refusal.set()
            self._refused[rule] = str(error)
        else:
            self._refused.pop(rule, None)

    def _learn_owner(self, name: str, reply: Reply) -> None:
        if reply.cancelled() or reply.exception():
            return
        try:
            (owner,) = open_reply(reply.result(), self._label, "GetNameOwner", "s")
        except (BusError, BusNonsense):
            owner = ""
        self.watches.learn_owner(name, owner)
