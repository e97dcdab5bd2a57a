"""From the settings to the notification to the answer, through the installed program."""

from support.helpers import wait_until
from support.life import QUICK, Life
from support.notification_helpers import Desk, FakeServer, PrivateBus

BREAK_ONLY = """
[reminders.posture]
enabled = false
[reminders.stretch]
enabled = false
[reminders.break]
every = "1s"
[quiet]
settle = "0s"
"""


def prompt_id(server: FakeServer, title: str = "Your desk") -> int:
    """The id of the newest notification with this title."""
    wait_until(lambda: title in server.titles)
    return 1 + max(number for number, each in enumerate(server.titles) if each == title)


def test_a_prompt_comes_and_done_begins_the_next_cycle(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(QUICK)
    number = prompt_id(server)
    status = life.status()
    assert status["prompt"]["reminder"] == "posture"
    assert status["prompt"]["title"] == "Your desk"
    assert life.reminder("posture")["state"] == "showing"
    life.save(QUICK.replace("1s", "30m"))
    wait_until(lambda: life.reminder("posture")["every"] == 1800.0)
    server.act(number, "done")
    wait_until(lambda: life.status()["prompt"] is None)
    posture = life.reminder("posture")
    assert (posture["state"], posture["owed"]) == ("counting", False)
    assert posture["due_in"] > 1790


def test_a_server_that_answers_nonsense_is_named_once_and_the_prompt_comes_when_it_mends(
    life: Life, desk: Desk
) -> None:
    server = desk.server()
    server.lies["Notify"] = ("s", ("one\ntwo",))
    life.begin(QUICK)
    problem = "fake answered Notify with 'one\\ntwo' (D-Bus type s, not u); if it lasts: restart it"
    wait_until(lambda: f"Problem: notify: {problem}\n" in life.ask("status").out)
    wait_until(
        lambda: "the notification server failed, it is tried again in " in life.ask("why", "posture").out
    )
    assert life.reminder("posture")["owed"]
    server.lies.clear()
    wait_until(lambda: life.reminder("posture")["state"] == "showing")
    assert life.status()["services"]["notify"]["ok"]
    said = life.log.read_text()
    assert (said.count(f"Notifications: {problem}."), "Traceback" in said, "fault" in said) == (
        1,
        False,
        False,
    ), said


def test_a_bus_that_refuses_match_rules_is_a_problem_in_one_line(life: Life, session: PrivateBus) -> None:
    session.end()
    session.limit("max_match_rules_per_connection", 2)
    session.start()
    life.begin(QUICK)
    told = "the session bus does not tell all news, so some may be missed: "
    wait_until(lambda: f"Problem: buses: {told}" in life.ask("status").out)
    assert life.log.read_text().count(told) == 1


def test_not_now_skips(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(QUICK)
    number = prompt_id(server)
    server.act(number, "skip")
    wait_until(lambda: "posture: skipped" in life.ask("why", "posture").out)


def test_in_ten_minutes_snoozes_a_break(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(BREAK_ONLY)
    title = "Time away from the desk: 5 min"
    number = prompt_id(server, title)
    actions = server.notes[server.titles.index(title)][5]
    assert actions == ["default", "Start", "start", "Start", "snooze", "In 10 min", "skip", "Skip"]
    server.act(number, "snooze")
    wait_until(lambda: life.reminder("break")["state"] == "snoozed")
    assert 590 < life.reminder("break")["due_in"] <= 600


def test_closing_it_means_skipped_for_posture_and_later_for_a_break(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(BREAK_ONLY)
    server.dismiss(prompt_id(server, "Time away from the desk: 5 min"))
    wait_until(lambda: life.reminder("break")["state"] == "snoozed")
    assert "break: dismissed" in life.ask("why", "break").out


def test_each_verb_answers_the_open_prompt(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(QUICK)
    for verb, outcome in (("done", "done"), ("skip", "skipped"), ("start", "done"), ("snooze", "snoozed")):
        wait_until(lambda: life.status()["prompt"] is not None)
        answered = life.ask(verb)
        assert answered.code == 0, answered
        assert (
            f"posture: {outcome}" in life.ask("why", "posture").out.splitlines()[-1]
            or life.status()["prompt"]
        )
    assert life.reminder("posture")["state"] == "snoozed"
    assert len(server.closed) == 4


def test_the_server_may_come_late_and_gets_one_prompt(life: Life, desk: Desk) -> None:
    life.begin(QUICK)
    wait_until(lambda: life.reminder("posture")["owed"])
    notify = life.status()["services"]["notify"]
    assert not notify["ok"]
    assert notify["problem"]
    assert life.text().count("posture: undelivered") == 1
    server = desk.server()
    prompt_id(server)
    assert server.titles.count("Your desk") == 1
    assert life.status()["services"]["notify"]["ok"]


def test_a_restarted_server_gets_the_same_prompt_again(life: Life, desk: Desk) -> None:
    first = desk.server()
    life.begin(QUICK)
    prompt_id(first)
    before = life.status()["prompt"]["id"]
    first.end()
    second = desk.server()
    prompt_id(second)
    assert wait_until(lambda: life.status()["prompt"])["id"] == before


def test_the_whole_bus_may_die_and_come_back(life: Life, desk: Desk) -> None:
    first = desk.server()
    life.begin(QUICK)
    prompt_id(first)
    before = life.status()["prompt"]["id"]
    desk.bus.end()
    wait_until(lambda: not life.status()["services"]["notify"]["ok"])
    assert life.ask("pause", "1h").code == 0
    desk.bus.socket.unlink()
    desk.bus.start()
    second = desk.server()
    wait_until(lambda: life.status()["services"]["notify"]["ok"])
    assert second.titles == []
    assert life.ask("resume").code == 0
    prompt_id(second)
    assert life.status()["prompt"]["id"] == before


def test_after_a_crash_the_stale_notification_is_closed_and_the_prompt_comes_again(
    life: Life, desk: Desk
) -> None:
    server = desk.server()
    life.begin(QUICK)
    number = prompt_id(server)
    before = life.status()["prompt"]["id"]
    life.kill()
    life.begin()
    wait_until(lambda: number in server.closed)
    assert wait_until(lambda: life.status()["prompt"])["id"] == before
    assert server.titles.count("Your desk") == 2


def test_stopping_hides_the_open_prompt_within_a_second(life: Life, desk: Desk) -> None:
    server = desk.server()
    life.begin(QUICK)
    number = prompt_id(server)
    assert life.end() == 0
    assert number in server.closed
    assert not (life.runtime / "control.sock").exists()
