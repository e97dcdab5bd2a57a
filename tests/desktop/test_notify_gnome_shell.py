"""The notifier with a real GNOME Shell: what one reads there without moving a hand."""

import asyncio
from pathlib import Path

from support.gnome_shell import GnomeShell, Message, gnome_shell
from support.helpers import eventually
from support.notification_helpers import Work, at_work, showing
from support.virtual import Desk

from neckguard.content.loader import load_content
from neckguard.core.model import Card
from neckguard.core.verbs import Now

GREETING = 4.0  # seconds for which GNOME shows a banner to somebody who is there


def test_a_folded_banner_shows_all_lines_and_leaves_an_entry_that_nobody_closed(tmp_path: Path) -> None:
    async def story(shell: GnomeShell) -> None:
        async with at_work(shell.session.address) as work:
            for name in ("posture", "stretch", "break"):
                card = card_of(name)
                banner = await shows(shell, work, card)
                assert (banner.expanded, banner.cut) == (False, False)
                assert " ".join(banner.lines) == " ".join(as_ended(line) for line in card.lines)
                begun = [line for line in card.lines if any(map(line.startswith, banner.lines))]
                assert begun == list(card.lines)
                if name != "break":
                    work.notifier.hide(card.key)
                    await eventually(lambda: shell.banner() is None)
            for x in (400, 500):  # somebody is there, and for them alone its time runs
                shell.move(x, 400)
            await eventually(lambda: shell.banner() is None, GREETING + 6)
            shell.show_list()
            (entry,) = shell.entries()
            assert (entry.title, entry.expanded) == (card.title, False)
            assert card.lines[0].startswith(entry.lines[0])
            await work.quiet()

    with gnome_shell(tmp_path) as shell:
        asyncio.run(story(shell))


def card_of(name: str) -> Card:
    """What the engine shows for it, in the words that ship."""
    desk = Desk(content=load_content())
    desk.do(Now(name))
    (card,) = desk.screen.values()
    return card


async def shows(shell: GnomeShell, work: Work, card: Card) -> Message:
    await showing(work, card)
    banner: Message | None = await eventually(shell.banner)
    assert banner is not None
    assert banner.title == card.title
    return banner


def as_ended(line: str) -> str:
    return line if line.endswith((".", "!", "?")) else f"{line}."
