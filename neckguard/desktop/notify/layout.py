"""How a card becomes the arguments of org.freedesktop.Notifications.Notify.

Pure, but that it looks whether figures and the icon are there, and since when.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from neckguard import paths
from neckguard.core import Card, NotifySettings
from neckguard.texts import cleaned
from neckguard.value import value
from neckguard.words import wrap

APP_NAME = "neckguard"
DESKTOP_ENTRY = "neckguard"
ICON = "neckguard"
NEVER = 0  # expire_timeout: the engine decides how long a card stays
LONGEST = 2**31 - 1  # of what an expire_timeout can say, in milliseconds
GLANCE = 30_000  # for what is to be read once; of its own accord mako, for one, lets it stand for ever
NOTICE = "notice"  # the kind of a card that is no reminder
GUIDE = "guide"  # the kind of one that changes while the person follows it
URGENCIES = {"low": 0, "normal": 1}
CRITICAL = 2  # stays, and is shown over do not disturb: for timers alone
ALARM = "alarm-clock-elapsed"  # from the freedesktop sound naming specification
ENDS = (".", "!", "?", ":", "…")  # of lines
BY_A_CLICK = frozenset({"done", "start"})  # the buttons for which a click on the body may stand
# These offer actions but draw no buttons: a person finds them only in a menu they must know of.
DRAW_NO_BUTTONS = frozenset({"dunst", "mako", "fnott"})
# These look for the icon of a name in the system's directories alone.
KNOW_NO_THEME = frozenset({"dunst", "mako", "fnott", "swaynotificationcenter"})
# Its banner folds all lines into one, but shows each that ends in a carriage return: a quirk, no promise.
GNOME = "gnome-shell"
WIDEST_LINE = 54  # characters; longer ones are cut where the font is as wide as DejaVu Sans
# These draw `default` as one more button.
DRAW_THE_DEFAULT = frozenset({"xfce notify daemon"})
# These cut a title after so many characters, in a bold font that is as wide as DejaVu Sans.
CUT_THE_TITLE = frozenset({"xfce notify daemon"})
WIDEST_TITLE = 25
# These show a card for four seconds when they like, after a full screen ends, and tell nobody.
FLEETING = frozenset({GNOME})
# These leave the picture of one card on the card that takes its place, unless that brings one.
LEAVE_THE_PICTURE = frozenset({"plasma"})
# These change a notification in place without a stir. Others slide it in anew, or ring again.
CHANGE_QUIETLY = frozenset({"dunst", "mako"})
# These take what is closed off their list, and leave its popup where it is, in the way of the next.
LEAVE_POPUPS = frozenset({"notification daemon"})
NEW = 60.0  # seconds: for an icon that was just installed gnome-shell draws that there is none
NOTIFY = "susssasa{sv}i"


@value
class Server:
    """A notification server and what it can do; `owner` is its unique name on the bus."""

    owner: str
    name: str
    version: str
    capabilities: frozenset[str]

    @property
    def title(self) -> str:
        """Name and version, as people know it."""
        return f"{self.name} {self.version}".strip()

    @property
    def keeps(self) -> bool:
        """Whether cards stay until they are closed."""
        return "persistence" in self.capabilities

    @property
    def sounds(self) -> bool:
        """Whether the sound of a card is played."""
        return "sound" in self.capabilities

    @property
    def smooth(self) -> bool:
        """Whether cards may change every second."""
        return self.name.lower() in CHANGE_QUIETLY

    @property
    def fleeting(self) -> str:
        """Its name, if nobody can know whether it shows a card just now."""
        return self.name if self.name in FLEETING else ""


@value
class NotifyRequest:
    """A card, and what users of plyer may want besides; `timeout` in milliseconds."""

    card: Card
    app_name: str = APP_NAME
    icon: str = ""
    timeout: int = NEVER
    lingers: bool = False  # the timeout is for its popup alone, where the server keeps an entry
    hints: Mapping[str, tuple[str, Any]] = field(default_factory=dict)


def notify_arguments(
    request: NotifyRequest, server: Server, settings: NotifySettings, replaces: int
) -> tuple[Any, ...]:
    """The arguments of Notify for this server.

    They are clean: for one NUL or lone surrogate the bus would end the connection.
    """
    icon = os.path.expanduser(request.icon or settings.icon) or _own_icon(server)
    title, rest = _title(request.card, server)
    arguments: tuple[Any, ...] = (
        request.app_name,
        replaces,
        icon,
        title,
        _body(request.card, rest, server, settings),
        _actions(request.card, server) if offers_actions(server, settings) else [],
        _picture(request.card, server, icon if replaces else "") | _hints(request, settings),
        NEVER if request.lingers and not server.keeps else request.timeout,
    )
    *before, body, actions, hints, timeout = cleaned(arguments)
    if server.name == GNOME:
        body = body.replace("\n", "\r")  # which is no clean text elsewhere
    return (*before, body, actions, hints, timeout)


def fading(number: int) -> tuple[Any, ...]:
    """The arguments of Notify that let the popup of this notification go by time, at once."""
    return (APP_NAME, number, "", "", "", [], {}, 1)


def action_keys(card: Card) -> frozenset[str]:
    """What a server may report of the card; `default` also of one that offers it unasked."""
    return frozenset({"default", *(button.key for button in card.buttons)})


def offers_actions(server: Server, settings: NotifySettings) -> bool:
    """Whether cards are shown with actions."""
    return settings.buttons and "actions" in server.capabilities


def typed_hints(hints: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Plain Python values as D-Bus variants; pairs of a type and a value stay as they are."""
    return {name: _typed(name, value) for name, value in hints.items()}


def _typed(name: str, value: Any) -> tuple[str, Any]:
    match value:
        case tuple():
            return value
        case bool():
            return ("b", value)
        case int():
            return ("y" if name == "urgency" else "i", value)
        case float():
            return ("d", value)
        case _:
            return ("s", str(value))


def _title(card: Card, server: Server) -> tuple[str, list[str]]:
    """As much as is shown of it, and what belongs into a line of its own: how long, or which movement."""
    topic, _, rest = card.title.partition(": ")
    if rest and len(card.title) > WIDEST_TITLE and server.name.lower() in CUT_THE_TITLE:
        return topic, [f"{rest[:1].upper()}{rest[1:]}"]
    return card.title, []


def _body(card: Card, rest: list[str], server: Server, settings: NotifySettings) -> str:
    lines = [*rest, *card.lines]
    if card.verbs and (not offers_actions(server, settings) or server.name.lower() in DRAW_NO_BUTTONS):
        lines.append(card.verbs)
    body = "\n".join((*map(_ended, lines[:-1]), *lines[-1:]))
    if server.name == GNOME:
        body = wrap(body, WIDEST_LINE)
    return _escape(body) if "body-markup" in server.capabilities else body


def _own_icon(server: Server) -> str:
    """By name where that is found, for then it is drawn as the theme will have it."""
    named = server.name.lower() not in KNOW_NO_THEME and _is_in_theme(paths.icon_file(), server)
    return ICON if named else os.path.join(paths.shipped_icons(), f"{ICON}.svg")


def _is_in_theme(icon: str, server: Server) -> bool:
    try:
        age = time.time() - os.stat(icon).st_mtime
    except OSError:
        return False
    return server.name != GNOME or age > NEW


def _ended(line: str) -> str:
    """The line as what is followed by another: no nonsense where a server makes one of both."""
    return line if line.endswith(ENDS) else f"{line}."


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _actions(card: Card, server: Server) -> list[str]:
    """Keys and labels in turn; `default` is a click on the body, for the first button if it may.

    Without buttons it is there, too: else GNOME takes the click for a wish to start the application.
    """
    pairs = [(button.key, button.label) for button in card.buttons]
    drawn = server.name.lower() in DRAW_THE_DEFAULT
    if pairs and pairs[0][0] in BY_A_CLICK and not drawn:
        pairs.insert(0, ("default", pairs[0][1]))
    elif not pairs and (card.click or not drawn):
        pairs = [("default", card.click or "OK")]
    return [text for pair in pairs for text in pair]


def _picture(card: Card, server: Server, instead: str) -> dict[str, tuple[str, Any]]:
    """The figure of the movement; `instead`, if anything, where that of an earlier card would stay."""
    if card.movement and os.path.exists(figure := paths.picture(card.movement)):
        return {"image-path": ("s", figure)}
    stays = server.name.lower() in LEAVE_THE_PICTURE
    return {"image-path": ("s", instead)} if instead and stays else {}


def _hints(request: NotifyRequest, settings: NotifySettings) -> dict[str, tuple[str, Any]]:
    """Not `transient`: where cards are kept in a tray they stay within reach until they are settled."""
    card = request.card
    hints: dict[str, tuple[str, Any]] = {
        "urgency": ("y", URGENCIES[settings.urgency]),
        "category": ("s", f"x-neckguard.{card.kind}"),
        "desktop-entry": ("s", DESKTOP_ENTRY),
    }
    if card.urgent:
        hints["urgency"] = ("y", CRITICAL)
    if card.resident:
        hints["resident"] = ("b", True)
    if card.progress is not None:
        hints["value"] = ("i", card.progress)
    sound = settings.sound or (ALARM if card.urgent else "")
    if card.silent:
        hints["suppress-sound"] = ("b", True)
    elif sound:
        hints["sound-name"] = ("s", sound)
    return hints | dict(request.hints)
