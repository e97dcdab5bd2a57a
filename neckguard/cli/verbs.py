"""All verbs of the command line; and here those that send one command and print what came of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from types import ModuleType

# The verb, the module of neckguard.cli that has its `add(parser)` and `run(args)`, and what it is for.
GROUPS = {
    "Every day": {
        "status": ("status.status", "what it does now, and what comes next"),
        "why": ("verbs", "why it is, or is not, prompting now"),
        "pause": ("verbs", "no reminders for a while"),
        "resume": ("verbs", "end the pause"),
        "now": ("verbs", "show a reminder now"),
    },
    "Answer": {
        "start": ("verbs", "begin what the open prompt suggests"),
        "done": ("verbs", "the open prompt, or the next one: done already"),
        "snooze": ("verbs", "the open prompt, or the next one: later"),
        "skip": ("verbs", "the open prompt, or the next one: not this time"),
        "hurt": ("verbs", "a stretch hurt: put it away for two weeks"),
    },
    "Your neck": {
        "stretch": ("stretch.arguments", "a guided stretch in the terminal"),
        "posture": ("posture", "the posture checklist"),
        "checkin": ("flare.checkin", "note how your neck is, from 0 to 10"),
        "flare": ("flare.flare", "a flare-up of neck pain: a checklist, then what to do"),
    },
    "What happened": {
        "stats": ("history.arguments", "what happened, in figures"),
        "report": ("history.arguments", "what happened, as a page to print or hand to a clinician"),
        "export": ("history.arguments", "what happened, for a spreadsheet or a program"),
        "history": ("history.erase", "erase what is kept of what happened"),
    },
    "Settings": {
        "config": ("config", "find, check and edit the settings"),
        "reload": ("verbs", "read the settings again"),
        "preview": ("preview.arguments", "what would be shown when, in virtual time"),
        "doctor": ("doctor_arguments", "what works on this desktop, and what to do about the rest"),
        "service": ("service.arguments", "start it at login"),
        "bar": ("bar", "a ready module for a status bar"),
        "completion": ("completion", "the completion of your shell"),
        "run": ("run", "run the daemon in this terminal"),
    },
}
VERBS = {verb: entry for group in GROUPS.values() for verb, entry in group.items()}

_EPILOGS = {
    "pause": (
        "Examples:\n"
        "  neckguard pause 30m\n"
        "  neckguard pause --until 14:30 --reason dentist\n"
        "Without a duration, the pause lasts as long as [pause] default in your settings\n"
        "says. A day means when your hours begin on it, or on the next one that has any;\n"
        "without hours, 06:00. Before 06:00, and in hours that run past midnight,\n"
        "tomorrow is the day that has begun."
    ),
    "resume": "Example:\n  neckguard resume",
    "why": "Example:\n  neckguard why break",
    "now": "Examples:\n  neckguard now stretch\n  neckguard now break --for 15m",
    "start": "Example:\n  neckguard start",
    "snooze": "Example:\n  neckguard snooze 10m",
    "skip": "Example:\n  neckguard skip break",
    "done": "Examples:\n  neckguard done posture\n  ssh desktop neckguard done break --elsewhere",
    "hurt": "Example:\n  neckguard hurt chin-tuck",
    "reload": (
        "Example:\n  neckguard reload\n"
        "Saving the settings file is enough; this waits until it is in force, and says\n"
        "so."
    ),
}
_RELOAD_TIMEOUT = 10.0  # the settings are validated in a process of its own, which may have to start cold


def module_of(verb: str) -> ModuleType:
    """The module that has its `add` and `run`."""
    return __import__(f"neckguard.cli.{VERBS[verb][0]}", fromlist=["run"])  # importlib would cost 0.5 ms


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments, which have the names that they have in the command."""
    from neckguard.cli.arguments import span

    verb = parser.get_default("verb")
    parser.epilog = _EPILOGS[verb]
    if verb == "pause":
        _add_pause(parser)
    elif verb == "why":
        parser.add_argument("reminder", nargs="?", metavar="REMINDER", help="only about this one")
        parser.add_argument("--json", action="store_true", help="for programs")
    elif verb == "now":
        parser.add_argument("reminder", metavar="REMINDER", help="its name in the settings, such as posture")
        parser.add_argument(
            "--for",
            dest="duration",
            metavar="DURATION",
            type=span,
            help="a break of this length, such as 15m",
        )
    elif verb == "snooze":
        parser.add_argument(
            "duration",
            nargs="?",
            metavar="DURATION",
            type=span,
            help="such as 10m; else the reminder's own `snooze`",
        )
    elif verb in ("skip", "done"):
        parser.add_argument(
            "reminder", nargs="?", metavar="REMINDER", help="this one, not the open or next one"
        )
    elif verb == "hurt":
        parser.add_argument("id", nargs="?", metavar="ID", help="which stretch; else the last one suggested")
    if verb == "done":
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--already", action="store_true", help="what the open posture check asks for is so already"
        )
        how.add_argument(
            "--elsewhere", action="store_true", help="at another machine: no hook of this one runs for it"
        )


def run(args: argparse.Namespace) -> int:
    """Send the command and print what came of it."""
    from neckguard.control import client

    said = vars(args)
    given = {key: said[key] for key in said if key not in ("verb", "json") and said[key] is not False}
    timeout = _RELOAD_TIMEOUT if args.verb == "reload" else client.REPLY_TIMEOUT
    reply = client.ask(args.verb, timeout=timeout, **given)
    if said.get("json"):
        import json

        print(json.dumps(reply["data"], ensure_ascii=False))
    else:
        from neckguard.cli.terminal import shown

        print(shown(reply["message"]))
    return 0


def _add_pause(parser: argparse.ArgumentParser) -> None:
    from neckguard.cli.arguments import reason, span, until

    end = parser.add_mutually_exclusive_group()
    end.add_argument(
        "duration", nargs="?", metavar="DURATION", type=span, help="such as 45m, 1h30m, or 45 (minutes)"
    )
    end.add_argument(
        "--until",
        metavar="WHEN",
        type=until,
        help='14:30, tomorrow, monday, "2026-12-01 09:00", or resumed (open-ended)',
    )
    parser.add_argument("--reason", metavar="TEXT", type=reason, help="shown in the status")
    parser.add_argument("--toggle", action="store_true", help="if it is paused already, resume instead")
