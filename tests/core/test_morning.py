"""A morning at the desk, 9:00 to 13:00, with the defaults: posture 20 min, stretch 40 min, break 60 min."""

from support.virtual import Desk, Person, never, promptly, story, without

from neckguard.core.events import AwayBegan, AwayEnded
from neckguard.core.model import Away


def morning(person: Person) -> list[str]:
    return without(Desk(person=person).until("13:00").took(), "due")


def test_answered_promptly_it_is_one_of_each_an_hour() -> None:
    assert morning(promptly) == story("""
        09:20:00 posture shown
        09:20:05 posture done
        09:40:00 stretch shown (covers posture)
        09:40:05 stretch done
        09:40:05 posture covered (by stretch)
        10:00:00 break shown (covers posture)
        10:00:05 break done
        10:00:05 posture covered (by break)
        10:00:05 break break_start
        10:05:05 break break_end
        10:25:05 posture shown
        10:25:10 posture done
        10:45:05 stretch shown (covers posture)
        10:45:10 stretch done
        10:45:10 posture covered (by stretch)
        11:05:05 break shown (covers posture)
        11:05:10 break done
        11:05:10 posture covered (by break)
        11:05:10 break break_start
        11:10:10 break break_end
        11:30:10 posture shown
        11:30:15 posture done
        11:50:10 stretch shown (covers posture)
        11:50:15 stretch done
        11:50:15 posture covered (by stretch)
        12:10:10 break shown (covers posture)
        12:10:15 break done
        12:10:15 posture covered (by break)
        12:10:15 break break_start
        12:15:15 break break_end
        12:35:15 posture shown
        12:35:20 posture done
        12:55:15 stretch shown (covers posture)
        12:55:20 stretch done
        12:55:20 posture covered (by stretch)
    """)


def test_ignored_the_break_is_offered_twice_more_and_then_takes_every_second_stretchs_slot() -> None:
    assert morning(never) == story("""
        09:20:00 posture shown
        09:20:45 posture ignored
        09:40:00 stretch shown (covers posture)
        09:40:45 stretch ignored
        09:40:45 posture covered (by stretch)
        10:00:00 break shown (covers posture)
        10:00:45 break ignored
        10:00:45 posture put_off (with break)
        10:10:45 break shown (covers posture)
        10:11:30 break ignored
        10:11:30 posture put_off (with break)
        10:21:30 break shown (covers posture, stretch)
        10:22:15 break ignored
        10:22:15 posture covered (by break)
        10:22:15 stretch covered (by break)
        10:42:15 posture shown
        10:43:00 posture ignored
        11:02:15 break shown (covers posture, stretch)
        11:03:00 break ignored
        11:03:00 posture covered (by break)
        11:03:00 stretch covered (by break)
        11:23:00 posture shown
        11:23:45 posture ignored
        11:43:00 stretch shown (covers posture)
        11:43:45 stretch ignored
        11:43:45 posture covered (by stretch)
        12:03:45 posture shown
        12:04:30 posture ignored
        12:23:45 break shown (covers posture, stretch)
        12:24:30 break ignored
        12:24:30 posture covered (by break)
        12:24:30 stretch covered (by break)
        12:44:30 posture shown
        12:45:15 posture ignored
    """)


def test_ten_minutes_behind_the_lock_are_a_break_and_everything_starts_afresh() -> None:
    desk = Desk(person=promptly).until("10:30")
    desk.took()
    desk.do(AwayBegan(Away.LOCKED))
    desk.until("10:40").do(AwayEnded(Away.LOCKED))
    assert without(desk.until("13:00").took(), "due") == story("""
        10:30:00 away (locked)
        10:40:00 back (after 10 min)
        10:40:00 break natural_break
        11:00:00 posture shown
        11:00:05 posture done
        11:20:00 stretch shown (covers posture)
        11:20:05 stretch done
        11:20:05 posture covered (by stretch)
        11:40:00 break shown (covers posture)
        11:40:05 break done
        11:40:05 posture covered (by break)
        11:40:05 break break_start
        11:45:05 break break_end
        12:05:05 posture shown
        12:05:10 posture done
        12:25:05 stretch shown (covers posture)
        12:25:10 stretch done
        12:25:10 posture covered (by stretch)
        12:45:05 break shown (covers posture)
        12:45:10 break done
        12:45:10 posture covered (by break)
        12:45:10 break break_start
        12:50:10 break break_end
    """)
