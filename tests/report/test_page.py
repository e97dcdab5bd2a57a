"""The report as a page: what it says, and that it is sound and harmless HTML."""

import re
from datetime import date, timedelta

import pytest
from support.report_helpers import ENTRIES, LAST, OFFSET, SPANS, at, ended, made, said, sat
from support.web_page import Element, read_page, read_tables


def facts(page: Element) -> dict[str, str]:
    names = (each.text for each in page.all("dt"))
    return dict(zip(names, (each.text for each in page.all("dd")), strict=True))


def hours(day: str, minutes: dict[int, int]) -> list[str]:
    return [day, *(str(minutes.get(hour, 0)) for hour in range(24))]


def test_the_tables_hold_the_figures_that_were_worked_out_by_hand() -> None:
    assert read_tables(read_page(made())) == {
        "Flare-ups": [
            ["Began", "Lasted", "Severity", "Side", "Ended", "Lost days"],
            ["2 Mar 2026", "2 days", "7 of 10", "left", "by you", "not said"],
        ],
        "Sitting per day": [
            ["Day", "Sitting"],
            ["Mon 2 Mar 2026", "2 h 48 min"],
            ["Tue 3 Mar 2026", "2 h 30 min"],
            ["Wed 4 Mar 2026", "none"],
            ["Thu 5 Mar 2026", "1 h"],
        ],
        "Longest sitting without a break": [
            ["Day", "Longest", "It began"],
            ["Mon 2 Mar 2026", "1 h 58 min", "09:00"],
            ["Tue 3 Mar 2026", "2 h 30 min", "14:00"],
            ["Wed 4 Mar 2026", "none", ""],
            ["Thu 5 Mar 2026", "1 h", "08:30"],
        ],
        "Minutes at the screen, by weekday and hour": [
            ["Day", *(f"{hour:02}" for hour in range(24))],
            hours("Monday", {9: 60, 10: 58, 11: 50}),
            hours("Tuesday", {14: 60, 15: 60, 16: 30}),
            hours("Wednesday", {}),
            hours("Thursday", {8: 30, 9: 30}),
            hours("Friday", {}),
            hours("Saturday", {}),
            hours("Sunday", {}),
        ],
        "What became of the prompts": [
            [
                *("Reminder", "shown", "done", "natural break", "snoozed", "skipped", "closed"),
                *("ignored", "covered", "withdrawn", "undelivered"),
            ],
            ["break", "5", "2", "1", "0", "0", "1", "1", "0", "0", "0"],
            ["stretch", "6", "5", "0", "0", "1", "0", "0", "0", "0", "0"],
            ["tea", "3", "1", "0", "0", "0", "1", "0", "1", "0", "0"],
        ],
        "Stretches done": [
            ["Area", "done", "left", "right", "both sides", "no side"],
            ["neck", "3", "1", "0", "0", "2"],
            ["other", "1", "0", "0", "0", "1"],
            ["side neck", "1", "0", "1", "0", "0"],
        ],
        "Check-ins": [
            ["When", "0 to 10"],
            ["Mon 2 Mar 2026, 18:00", "6"],
            ["Thu 5 Mar 2026, 18:00", "3"],
        ],
    }


def test_an_hour_has_the_mean_of_all_such_days_since_the_first_on_record() -> None:
    """Two Mondays: 60 minutes on one, 30 on the other; of the three before nothing is on record."""
    spans = [sat(2, "09:00", "10:00"), sat(9, "09:00", "09:30")]
    tables = read_tables(
        read_page(made(first=date(2026, 2, 9), last=date(2026, 3, 9), spans=spans, entries=()))
    )
    assert tables["Minutes at the screen, by weekday and hour"][1] == hours("Monday", {9: 45})


def test_the_summary_says_the_facts_and_nothing_about_what_they_mean() -> None:
    page = read_page(made())
    assert facts(page) == {
        "Period": "2 Mar 2026 to 5 Mar 2026 (4 days)The first of the 8 days on record is 2 Mar 2026.",
        "Sitting per day": "mean 2 h 6 minAt the screen, over the 3 days with any; the median is 2 h 30 min.",
        "Longest sitting": "2 h 30 min"
        "From Tue 3 Mar 2026, 14:00, without a break of 4 minutes;"
        " the longest of each day has a median of 1 h 58 min.",
        "Breaks taken": "32 when prompted, 1 natural: away for long enough without being asked.",
        "Sittings over 60 min": "2",
        "Stretches done": "5Neck 3 (1 left); other 1; side neck 1 (1 right). In all 1 left, 1 right.",
        "Check-ins": "2, mean 4.5 of 10Lowest 3, highest 6, first 6 (2 Mar 2026), last 3 (5 Mar 2026)."
        " 0: no pain, 10: the worst.",
        "Flare-ups": "1Side: 1 left.",
    }
    assert page.one("p", class_="note").text == "Not medical advice."
    assert page.one("footer").text == "Made by neckguard 1.2.3 on 5 Mar 2026 from what it keeps here."


def test_each_fact_stands_beside_that_of_the_period_before() -> None:
    """Of the 3rd to the 5th, and before it of 28 February to the 2nd."""
    entries = [
        *ENTRIES,
        said(3, "9:00", "lost_days", detail="2"),
        said(3, "12:00", "hurt", detail="head-turn"),
        said(4, "9:00", "timer_start", detail="heat"),
    ]
    entries.sort()
    facts_ = facts(read_page(made(first=date(2026, 3, 3), entries=entries)))
    assert facts_["Period"] == "3 Mar 2026 to 5 Mar 2026 (3 days)Before: 28 Feb 2026 to 2 Mar 2026."
    assert facts_["Sitting per day"].startswith("mean 1 h 45 min, before mean 2 h 48 minAt ")
    assert facts_["Sittings over 60 min"] == "1, before 1"
    assert facts_["Breaks taken"].startswith("0, before 3")
    assert facts_["Stretches that hurt"] == "1, before noneHead turn 1."
    assert facts_["Check-ins"].startswith("1, mean 3.0 of 10, before 1, mean 6.0 of 10Lowest ")
    assert (facts_["Lost days"], facts_["Packs"]) == ("2, before 2", "1 warm, before none")
    assert read_tables(read_page(made(entries=entries)))["Flare-ups"][1][-1] == "2"


def test_what_was_named_and_what_was_said_of_turning_is_there_for_a_clinician() -> None:
    entries = [
        said(2, "10:00", "flare_start", 7, detail="left"),
        said(2, "10:01", "flare_flags", detail="weakness moon"),
        said(3, "9:00", "flare_cleared"),
        said(3, "18:00", "checkin", detail="turning no"),
        said(4, "18:00", "checkin", 3, detail="better, turning yes"),
    ]
    page = read_page(made(entries=entries, red_flags={"weakness": "a weak arm"}))
    named = "Named in the flare-up of 2 Mar 2026: a weak arm; moon. Somebody had looked by 3 Mar 2026."
    assert [each.text for each in page.all("p") if each.text.startswith("Named")] == [named, named]
    assert facts(page)["Turning the head"] == (
        "comfortable 1 of 2 timesAs far as it was said; last: comfortable (4 Mar 2026)."
    )


def test_it_runs_nothing_and_asks_for_nothing() -> None:
    text = re.sub(
        r'src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+"', "", made()
    )  # figures are in the page itself
    page = read_page(text)
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    tags = {each.tag for each in page.all()}
    assert not tags & {"script", "link", "iframe", "object", "base", "form"}
    names = {name for each in page.all() for name in each.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "href", "style")}
    assert not re.search(r"https?:|//|url\(|@import", text)


def test_the_stretches_that_were_done_are_shown() -> None:
    shown = read_page(made()).one("ul", class_="movements")
    assert [each.text for each in shown.all("li")] == ["Chin tuck: 2", "Head turn: 1", "Side tilt: 1"]
    assert all(each.attributes["src"].startswith("data:image/svg+xml;base64,") for each in shown.all("img"))
    assert len(shown.all("img")) == 3


def test_every_picture_has_words_and_a_table_and_every_table_its_heads() -> None:
    page = read_page(made())
    pictures = page.all("svg", role="img")
    assert len(pictures) == 7
    for picture in pictures:
        title, about = picture.attributes["aria-labelledby"].split()
        assert picture.one("title", id=title).text
        assert picture.one("desc", id=about).text
    sections = [each for each in page.all("section") if each.all("svg", role="img")]
    assert [len(each.all("table")) for each in sections] == [1, 1, 1, 1, 1, 1, 2]
    for table in page.all("table"):
        assert {each.attributes["scope"] for each in table.one("thead").all("th")} == {"col"}
        assert {each.attributes["scope"] for each in table.one("tbody").all("th")} == {"row"}
    ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))


HOSTILE = '"/><script>alert(1)</script></td><img src=x onerror=alert(2)>&amp;'


def test_hostile_words_stay_words() -> None:
    page = read_page(
        made(
            with_notes=True,
            outcomes=[ended(HOSTILE, "note", "done"), ended("stretch", "stretch", "done", HOSTILE, "left")],
            entries=[
                said(2, "10:00", "flare_start", 4, detail=HOSTILE),
                said(3, "10:00", "flare_end", detail=HOSTILE),
                said(4, "18:00", "checkin", 2, note=HOSTILE),
            ],
        )
    )
    tables = read_tables(page)
    assert tables["What became of the prompts"][1][0] == HOSTILE
    assert tables["Flare-ups"][1][3:5] == [HOSTILE, HOSTILE]
    assert tables["Notes with the check-ins"][1] == ["Wed 4 Mar 2026, 18:00", HOSTILE]
    assert not page.all("script")
    assert not page.all("img")


def test_notes_are_left_out_unless_they_are_wanted() -> None:
    assert "stiff" not in made()
    told = read_tables(read_page(made(with_notes=True)))
    assert told["Notes with the check-ins"] == [["When", "Note"], ["Mon 2 Mar 2026, 18:00", "stiff"]]


def test_without_any_history_it_says_so() -> None:
    page = read_page(made(spans=(), outcomes=(), entries=()))
    assert page.one("h1").text == "Neck and desk, 26 Feb 2026 to 5 Mar 2026"
    assert "Nothing is on record for this period yet." in page.text
    assert not page.all("svg")


@pytest.mark.parametrize(
    ("missing", "titles"),
    [
        ("outcomes", ["What became of the prompts", "Stretches done"]),
        ("entries", ["Check-ins and flare-ups", "Notes"]),
    ],
)
def test_a_part_without_records_says_so(missing: str, titles: list[str]) -> None:
    sections = read_page(made(with_notes=True, **{missing: ()})).all("section")
    bare = [each for each in sections if "None in this period." in each.text]
    assert [each.text for each in bare] == [f"{title}None in this period." for title in titles]


def test_check_ins_alone_are_a_report_too() -> None:
    page = read_page(made(spans=(), outcomes=()))
    assert facts(page)["Sitting per day"] == "none on record"
    assert facts(page)["Longest sitting"] == "none on record"
    assert facts(page)["Check-ins"].startswith("2, mean 4.5 of 10")


def test_a_clock_that_was_wrong_breaks_nothing() -> None:
    """A check-in of next month, which a clock set back has left behind."""
    later = (at(2, "18:00") + 40 * 86400, OFFSET, *ENTRIES[1][2:])
    page = read_page(made(spans=(), outcomes=(), entries=[later]))
    (dot,) = page.one("svg", **{"aria-labelledby": "pain-title pain-about"}).all("circle")
    assert dot.attributes["cx"] == "100.00%"


def test_years_are_told_by_month_and_stay_small() -> None:
    noons = [at(5, "12:00") - 86400 * back for back in range(3649, -1, -1)]
    text = made(
        first=LAST - timedelta(days=3649),
        spans=[("present", "", noon, noon + 7200, OFFSET) for noon in noons],
        entries=[(noon, OFFSET, "checkin", index % 11, "", "") for index, noon in enumerate(noons)],
    )
    tables = read_tables(read_page(text))
    assert len(text) < 2_000_000
    assert tables["Sitting per day"][:3] == [
        ["Month", "Sitting", "Days with any", "Mean"],
        ["March 2016", "48 h", "24", "2 h"],
        ["April 2016", "60 h", "30", "2 h"],
    ]
    assert tables["Check-ins"][:2] == [
        ["Month", "Check-ins", "Lowest", "Median", "Highest"],
        ["March 2016", "24", "0", "4.5", "10"],  # 0 to 10 twice, 0 and 1
    ]
    assert sum(int(row[1]) for row in tables["Check-ins"][1:]) == 3650
    assert len(tables["Longest sitting without a break"]) == 1 + 121


def test_a_year_is_told_by_week() -> None:
    start = at(5, "10:00") - 364 * 86400
    old = ("present", "", start, start + 3600, OFFSET)
    tables = read_tables(read_page(made(first=date(2025, 3, 6), spans=[old, *SPANS])))
    assert tables["Sitting per day"][:3] == [
        ["Week", "Sitting", "Days with any", "Mean"],
        ["week of 6 Mar 2025", "1 h", "1", "1 h"],
        ["week of 10 Mar 2025", "none", "0", "none"],
    ]
    assert tables["Sitting per day"][-1] == ["week of 2 Mar 2026", "6 h 18 min", "3", "2 h 6 min"]
    assert tables["Longest sitting without a break"][-1][1:] == ["2 h 30 min", "Tue 3 Mar 2026, 14:00"]
