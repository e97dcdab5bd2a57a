"""Which words may come next on a command line: found in the parsers, the settings and the catalogue."""

from __future__ import annotations

from argparse import SUPPRESS

from neckguard.cli.arguments import ACTION, Parser, parser_of
from neckguard.cli.verbs import VERBS, module_of
from neckguard.core import DAY_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action

    Words = dict[str, str]  # what each is for, by word

FILES: Words = {":files": ""}
"""Names of files belong here, and the shell knows them best."""
_PATIENCE = 0.3  # seconds for the daemon's answer: somebody waits with a finger on the key
_KNOWN = {
    "format": ("waybar", "i3blocks", "polybar"),
    "until": ("tomorrow", "resumed", *DAY_NAMES),
    "replay": ("last-week", "yesterday"),
}


def candidates(words: list[str]) -> Words:
    """What the last of the words, as far as it is typed, may become."""
    # bash takes `--until=tom` for three words, zsh and fish for one, of which they want the whole.
    *before, typed = [word for word in words if word != "="] + [""] * (words[-1] == "=")
    option, equals, _ = typed.rpartition("=")
    found = _after([*before, option] if equals else before, typed)
    if found == FILES:
        return found
    whole = {f"{option}{equals}{word}": purpose for word, purpose in found.items()}
    return {word: purpose for word, purpose in whole.items() if word.startswith(typed)}


def _after(before: list[str], typed: str) -> Words:
    if not before:
        verbs = {verb: purpose for verb, (_, purpose) in VERBS.items()}
        return {"--help": "", "--version": ""} if typed.startswith("-") else verbs
    verb = before[0]
    if verb not in VERBS:
        return {}
    return _inside(parser_of(verb, VERBS[verb][1], module_of(verb).add), before[1:], typed)


def _inside(parser: Parser, before: list[str], typed: str) -> Words:
    """The same where a parser has yet to take the words before."""
    options = {name: each for each in parser.takes() for name in each.option_strings}
    places = [each for each in parser.takes() if not each.option_strings]
    wanted: Action | None = None  # the option whose value comes next
    for index, word in enumerate(before):
        name, equals, _ = word.partition("=")
        if wanted:
            wanted = None
        elif name in options:
            wanted = None if equals or options[name].nargs == 0 else options[name]
        elif places and places[0].dest == ACTION:
            chosen = dict(places[0].choices or {}).get(word)
            return _inside(chosen, before[index + 1 :], typed) if chosen else {}
        else:
            places = places[1:]
    if wanted:
        return _values(wanted)
    found = {} if typed.startswith("-") or not places else _values(places[0])
    return found or {
        each.option_strings[-1]: each.help or "" for each in options.values() if each.help != SUPPRESS
    }


def _values(action: Action) -> Words:
    if action.dest == ACTION:
        return {name: parser.description for name, parser in dict(action.choices or {}).items()}
    if action.choices or action.dest in _KNOWN:
        return dict.fromkeys(map(str, action.choices or _KNOWN[action.dest]), "")
    if action.metavar in ("F", "FILE"):
        return FILES
    if action.dest == "reminder":
        return dict.fromkeys(_reminders(), "")
    if action.dest == "id":
        from neckguard.content.loader import stretch_names

        return stretch_names()
    return {}


def _reminders() -> list[str]:
    """Those of the daemon; where there is none, those that are built in and those of the settings file."""
    from neckguard.control.client import ask
    from neckguard.errors import NeckguardError

    try:
        return [each["name"] for each in ask("status", timeout=_PATIENCE)["data"]["reminders"]]
    except NeckguardError:
        from neckguard.config.defaults import BY_NAME

        return [*{**BY_NAME, **_own()}]


def _own() -> Words:
    import tomllib

    from neckguard import paths

    try:
        with open(paths.config_file(), "rb") as file:
            own = tomllib.load(file).get("reminders")
    except (OSError, ValueError):  # `config check` says what is wrong with it
        return {}
    return own if isinstance(own, dict) else {}
