"""News time to UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.event import Novelty
from services.nlp.clockwords import clocks
from services.nlp.effective import effective
from services.nlp.reader import ReportReader
from services.nlp.sentences import split
from services.nlp.text import plain
from services.nlp.times import Calendar, occurred
from tests.unit.nlp.reports import events

ZONES = {"vienna": "Europe/Vienna"}
FRIDAY = Calendar(datetime(2019, 8, 30, 18, tzinfo=UTC), ZoneInfo("Asia/Damascus"), ZONES.get)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "start", "end"),
    [
        ("The guns will fall silent on Saturday 0300 GMT", "2019-08-31 03:00", None),
        ("A truce will hold from 6:00 am on August 31, the centre said", "2019-08-31 03:00", None),
        ("A halt from 7:00 am (0400 GMT) on Saturday", "2019-08-31 04:00", None),
        ("a 72-hour ceasefire starting at midnight on Monday", "2019-09-01 21:00", "2019-09-04 21:00"),
        (
            "will hold fire from 20:00 Moscow time on Saturday until six in the morning of Monday, 2 September",
            "2019-08-31 17:00",
            "2019-09-02 03:00",
        ),
        ("At midnight on Friday the shooting around the town stopped", "2019-08-29 21:00", None),
        ("It takes effect at noon tomorrow and lasts for three days", "2019-08-31 09:00", "2019-09-03 09:00"),
        (
            "agreed around midnight that fire will cease at seven in the morning of 31 August",
            "2019-08-31 04:00",
            None,
        ),
        ("the fighting is to end at 0200 GMT, the envoy said", "2019-08-31 02:00", None),
        ("the fighting ended at 0200 GMT, the envoy said", "2019-08-30 02:00", None),
        ("will stop at 18:00 tomorrow, Moscow time", "2019-08-31 15:00", None),
        ("will stop at nine in the morning tomorrow, which is 08:00 in Vienna", "2019-08-31 06:00", None),
        ("هدنة مدتها ثماني ساعات تبدأ عند السابعة من صباح غد", "2019-08-31 04:00", "2019-08-31 12:00"),
        ("перемир'я на два дні почнеться завтра о 09:00", "2019-08-31 06:00", "2019-09-02 06:00"),
    ],
)
def test_effective(sentence: str, start: str, end: str | None) -> None:
    found = effective(plain(sentence), FRIDAY)
    assert found.start == utc(start)
    assert found.end == (utc(end) if end else None)


@pytest.mark.parametrize(
    ("sentence", "start", "end"),
    [
        ("was hit at 07:40 on Tuesday", "2019-08-27 04:40", "2019-08-27 04:40"),
        ("was hit in the early hours of Friday", "2019-08-29 21:00", "2019-08-30 03:00"),
        ("was shelled overnight", "2019-08-29 17:00", "2019-08-30 03:00"),
        ("was hit at ten to twelve last night", "2019-08-29 20:50", "2019-08-29 20:50"),
        ("was hit on Tuesday afternoon", "2019-08-27 09:00", "2019-08-27 15:00"),
        ("fell at half past two this afternoon", "2019-08-30 11:30", "2019-08-30 11:30"),
        ("burst on Thursday, the mayor said on Friday", "2019-08-29 00:00", "2019-08-29 23:59:59"),
        ("tué mardi soir dans le bourg", "2019-08-27 15:00", "2019-08-27 21:00"),
        ("le 27 août, à midi", "2019-08-27 08:00", "2019-08-27 11:00"),
        ("ayer en Cali", "2019-08-29 00:00", "2019-08-29 23:59:59"),
        ("el 12 de agosto de 2019", "2019-08-12 00:00", "2019-08-12 23:59:59"),
        ("salı günü öğle saatlerinde", "2019-08-27 08:00", "2019-08-27 11:00"),
        ("dün gece vuruldu", "2019-08-29 17:00", "2019-08-30 03:00"),
        ("ביום שלישי בבוקר", "2019-08-27 03:00", "2019-08-27 09:00"),
        ("guards were hit on the 27th, at dusk", "2019-08-27 14:00", "2019-08-27 17:00"),
        ("the 27th brigade shelled it on Thursday", "2019-08-29 00:00", "2019-08-29 23:59:59"),
        ("in the evening of August 28th, 2019", "2019-08-28 15:00", "2019-08-28 21:00"),
        ("the toll of Wednesday's raid rose to seven", "2019-08-28 00:00", "2019-08-28 23:59:59"),
        (
            "on Wednesday the count of the dead went up to six, medics said",
            "2019-08-28 00:00",
            "2019-08-28 23:59:59",
        ),
        ("was hit at seven. on Wednesday", "2019-08-28 04:00", "2019-08-28 04:00"),
        ("قصفت الطائرات البلدة يوم الأربعاء", "2019-08-28 00:00", "2019-08-28 23:59:59"),
        ("у середу снаряд влучив у школу", "2019-08-28 00:00", "2019-08-28 23:59:59"),
        ("28 августа снаряд попал в дом", "2019-08-28 00:00", "2019-08-28 23:59:59"),
        (
            "a statement on Thursday said that a shell fell the day before",
            "2019-08-28 00:00",
            "2019-08-28 23:59:59",
        ),
        ("three days ago a shell fell", "2019-08-27 00:00", "2019-08-27 23:59:59"),
    ],
)
def test_occurred(sentence: str, start: str, end: str) -> None:
    found = occurred(plain(sentence), 0, FRIDAY)
    assert found is not None
    assert (found.span.start, found.span.end) == (utc(start), utc(end))


def test_a_weekday_follows_the_tense() -> None:
    assert effective(plain("starts at 9 am on Thursday"), FRIDAY).start == utc("2019-09-05 06:00")
    found = occurred(plain("struck on Thursday"), 0, FRIDAY)
    assert found is not None
    assert found.span.start.date() == utc("2019-08-29").date()


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    assert occurred("on 31 february 2019 a shell", 0, FRIDAY) is None


def test_summer_time_of_the_place() -> None:
    winter = Calendar(datetime(2024, 1, 10, 12, tzinfo=UTC), ZoneInfo("Europe/Kyiv"), lambda name: None)
    found = occurred("was hit at 07:40 today", 0, winter)
    assert found is not None
    assert found.span.start == utc("2024-01-10 05:40")


def test_a_day_beside_a_clock_time_is_that_of_its_zone() -> None:
    """On the evening of a Wednesday in Greenwich it is Thursday already in the Caucasus."""
    evening = Calendar(utc("2026-11-25 22:56"), ZoneInfo("Asia/Yerevan"))
    assert effective(plain("agreed on a ceasefire from 22:59 GMT on Wednesday"), evening).start == utc(
        "2026-11-25 22:59"
    )
    found = occurred(plain("shelled the town at 21:30 GMT on Wednesday"), 0, evening)
    assert found is not None
    assert found.span.start == utc("2026-11-25 21:30")


@pytest.mark.parametrize(
    ("sentence", "zone", "at"),
    [
        ("the truce took effect at 5:30pm Pakistan time on Thursday", "Asia/Karachi", "2019-08-29 12:30"),
        ("agreed to stop firing from 1800 hours IST on Thursday", "Asia/Kolkata", "2019-08-29 12:30"),
        ("sirens sounded at 6 p.m. IST on Thursday", "Asia/Jerusalem", "2019-08-29 15:00"),
        ("two grenades were thrown at nine on Thursday night", "America/Bogota", "2019-08-30 02:00"),
        ("was thrown at 10:30 on Thursday night", "America/Monterrey", "2019-08-30 03:30"),
        ("was thrown at 2:30 on Thursday night", "Africa/Maputo", "2019-08-29 00:30"),
        ("was hit at 0230 hours on Thursday", "Africa/Maputo", "2019-08-29 00:30"),
        ("was hit at 2.15pm on Thursday", "Africa/Maputo", "2019-08-29 12:15"),
        ("the deal came at 3 p.m. ET on Thursday", "Asia/Beirut", "2019-08-29 19:00"),
        ("un ataque a las 9:30 de la noche del jueves 29 de agosto", "America/Bogota", "2019-08-30 02:30"),
        ("ocurrió a las 5 de la tarde del jueves", "America/Bogota", "2019-08-29 22:00"),
        ("la frappe a touché la ville jeudi vers 21h30", "Africa/Bamako", "2019-08-29 21:30"),
        ("jeudi à 14 heures, une mine a sauté", "Africa/Bamako", "2019-08-29 14:00"),
        ("a emboscada foi às 21h30 de ontem", "Africa/Maputo", "2019-08-29 19:30"),
    ],
)
def test_clocks_of_many_hands(sentence: str, zone: str, at: str) -> None:
    found = occurred(plain(sentence), 0, Calendar(FRIDAY.published, ZoneInfo(zone)))
    assert found is not None
    assert found.span.start == found.span.end == utc(at)


@pytest.mark.parametrize(
    "sentence", ["après 12 heures de combats", "durante 6 horas", "a 24 hour window", "took 1800 fighters"]
)
def test_lengths_and_counts_are_no_clock(sentence: str) -> None:
    assert clocks(plain(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("a emboscada de segunda-feira", 26),
        ("morreram na madrugada desta terça", 27),
        ("the block destroyed by yesterday's air strike", 29),
    ],
)
def test_days_in_portuguese_and_in_the_possessive(sentence: str, day: int) -> None:
    found = occurred(plain(sentence), 0, FRIDAY)
    assert found is not None
    assert found.span.start.astimezone(FRIDAY.zone).day == day


@pytest.mark.parametrize(
    ("sentence", "start"),
    [
        ("при атаке беспилотников в ночь на вторник", "2019-08-26 17:00"),
        ("у ніч на 27 серпня дрон влучив у будинок", "2019-08-26 17:00"),
        ("was shelled overnight into Tuesday", "2019-08-26 17:00"),
        ("утренняя атака во вторник пришлась на село", "2019-08-27 03:00"),
        ("договорились прекратить огонь с 23:00 мск четверга", "2019-08-29 20:00"),
        ("на хлебозавод вчера утром упала ракета", "2019-08-29 03:00"),
        ("утром дрон влучив у будинок", "2019-08-30 03:00"),
        ("قتلوا عصر الثلاثاء في السوق", "2019-08-27 09:00"),
        ("قتلوا عصر الجمعة في السوق", "2019-08-30 09:00"),
        ("the post was attacked late on Monday", "2019-08-26 14:00"),
        ("29 August, 2040 UTC: drones reported over the port", "2019-08-29 20:40"),
        ("he said on Tuesday evening that the shells had killed six", "2019-08-27 00:00"),
    ],
)
def test_nights_by_the_day_they_lead_into_and_more_days(sentence: str, start: str) -> None:
    found = occurred(plain(sentence), 0, FRIDAY)
    assert found is not None
    assert found.span.start == utc(start)


def test_an_evening_told_as_the_same_is_that_of_another_sentence() -> None:
    assert occurred(plain("Seven were buried the same evening."), 0, FRIDAY) is None


@pytest.mark.parametrize(("hour", "start"), [("14:30", "2019-08-30 11:30"), ("22:30", "2019-08-29 19:30")])
def test_an_hour_without_a_day_is_the_last_one_that_was(reader: ReportReader, hour: str, start: str) -> None:
    (event, *_) = events(
        reader, f"At about {hour} a drone dropped a mortar round on a house in Saraqib and killed two."
    )
    assert event.occurred is not None
    assert event.occurred.start == utc(start)


def test_a_sentence_adds_to_what_its_title_dates(reader: ReportReader) -> None:
    text = (
        "The fighters came down when most people slept. The death toll of the attack on Saraqib rose to 31."
    )
    (event, *_) = events(reader, text, "How the raiders came to Saraqib on Tuesday night")
    assert event.occurred is not None
    assert event.occurred.start < utc("2019-08-28 06:00")


def test_a_title_without_a_text_may_add_to_what_was_told(reader: ReportReader) -> None:
    (event, *_) = events(reader, " ", "Death toll of the attack on Saraqib rises to 31")
    assert event.novelty is Novelty.UPDATE


def test_the_eve_is_that_of_the_day_told() -> None:
    found = occurred(plain("on a enterré mardi onze fidèles abattus la veille devant la mosquée"), 40, FRIDAY)
    assert found is not None
    assert found.span.start == utc("2019-08-26 00:00")


def test_the_environment_is_no_wednesday() -> None:
    assert occurred(plain("охрана окружающей среды"), 0, FRIDAY) is None


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("the chief imam told this newspaper at the cemetery on Thursday", True),
        ("On Wednesday relatives in the town showed us the crater", True),
        ("By daybreak on Wednesday the vigilantes had counted 31 bodies", True),
        ("At the station the siren sounded for a minute on Wednesday", True),
        ("On Wednesday gunmen attacked the town", False),
        ("the governor said in his channel on Wednesday", True),
        ("a teacher said the plane came on Wednesday", False),
        ("the town was shelled on Wednesday", False),
    ],
)
def test_a_day_of_mourning_is_not_that_of_the_attack(sentence: str, said: bool) -> None:
    found = occurred(plain(sentence), 0, FRIDAY)
    assert found is not None
    assert found.said is said


def test_the_day_of_the_title_stands_before_that_on_which_somebody_said_so(reader: ReportReader) -> None:
    text = "Gunmen killed nineteen people in Moriki, the chief imam told this newspaper at the cemetery on Thursday."
    (event, *_) = events(reader, text, "Moriki buries 19 after Tuesday's market shooting")
    assert event.occurred is not None
    assert event.occurred.start == utc("2019-08-27 00:00")


def test_a_zone_behind_the_hour_does_not_begin_a_sentence() -> None:
    text = "It took effect at 1 p.m. Eastern time on Monday. The guns fell silent at 9 p.m. The envoy left."
    assert [text[a:b] for a, b in split(text)] == [
        "It took effect at 1 p.m. Eastern time on Monday.",
        "The guns fell silent at 9 p.m.",
        "The envoy left.",
    ]


def test_the_hour_of_the_sentence_before_is_finer_than_its_day(reader: ReportReader) -> None:
    text = "Event time 02:30 UTC, 29 August 2019. Two drones dropped mortar rounds on an army base near Homs in Syria."
    found = events(reader, text)[0].occurred
    assert found is not None
    assert found.start == found.end == utc("2019-08-29 02:30")
