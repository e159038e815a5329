"""Hours, days and months as quotas count them: midnight, the end of the month, leap days and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.periods import Periods, Span

BERLIN, LONDON, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
KATHMANDU, KIRITIMATI, PAGO = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
LORD_HOWE, CAIRO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")
ZONES = [ZoneInfo("UTC"), BERLIN, LONDON, NEW_YORK, KATHMANDU, KIRITIMATI, PAGO, LORD_HOWE, CAIRO]

MOMENT = timedelta(microseconds=1)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES)
spans = st.sampled_from(list(Span))


def at(text: str, zone: ZoneInfo = BERLIN) -> Periods:
    """The periods around a wall clock's time in that zone."""
    return Periods(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC), zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(moments, zones, spans)
@example(utc("2026-03-29T00:30"), BERLIN, Span.DAY)
@example(utc("2026-10-25T00:30"), BERLIN, Span.DAY)
@example(utc("2026-10-31T23:30"), BERLIN, Span.MONTH)
@example(utc("2026-04-04T15:30"), LORD_HOWE, Span.DAY)
def test_a_label_changes_exactly_when_its_period_ends(moment: datetime, zone: ZoneInfo, span: Span) -> None:
    here = Periods(moment, zone)
    end = here.end(span)
    assert end > moment
    assert Periods(end - MOMENT, zone).label(span) == here.label(span)
    assert Periods(end, zone).label(span) > here.label(span)


@given(moments, zones)
def test_no_period_is_longer_than_the_longest_of_its_kind(moment: datetime, zone: ZoneInfo) -> None:
    here = Periods(moment, zone)
    assert here.end(Span.HOUR) - moment <= timedelta(hours=1)
    assert here.end(Span.DAY) - moment <= timedelta(hours=25)
    assert here.end(Span.MONTH) - moment <= timedelta(days=32)


@given(moments, zones)
def test_a_day_lies_in_one_month_and_ends_no_later(moment: datetime, zone: ZoneInfo) -> None:
    here = Periods(moment, zone)
    assert here.day.startswith(here.month)
    assert here.end(Span.DAY) <= here.end(Span.MONTH)


@given(moments, zones, zones)
def test_an_hour_is_the_same_hour_in_every_zone(moment: datetime, one: ZoneInfo, other: ZoneInfo) -> None:
    assert Periods(moment, one).hour == Periods(moment, other).hour
    assert Periods(moment, one).end(Span.HOUR) == Periods(moment, other).end(Span.HOUR)


def test_midnight_is_the_operator_s() -> None:
    assert (at("2026-11-20T23:59:59").day, at("2026-11-21T00:00").day) == ("2026-11-20", "2026-11-21")
    assert at("2026-11-20T12:00").end(Span.DAY) == utc("2026-11-20T23:00")
    assert at("2026-11-20T12:00", KATHMANDU).end(Span.DAY) == utc("2026-11-20T18:15")


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("2026-01-31", "2026-02-01"),
        ("2026-02-28", "2026-03-01"),
        ("2026-04-30", "2026-05-01"),
        ("2026-12-31", "2027-01-01"),
        ("2028-02-29", "2028-03-01"),
    ],
)
def test_a_month_ends_after_its_last_day(last: str, first: str) -> None:
    before = at(f"{last}T23:59:59.999999")
    assert before.month == last[:7]
    assert before.end(Span.MONTH) == before.end(Span.DAY) == at(f"{first}T00:00").at
    assert at(f"{first}T00:00").month == first[:7]


def test_a_leap_day_is_a_day_of_its_own_and_belongs_to_february() -> None:
    day = at("2028-02-29T10:00")
    assert (day.day, day.month) == ("2028-02-29", "2028-02")
    assert at("2028-02-28T23:59").end(Span.DAY) == at("2028-02-29T00:00").at
    assert at("2028-02-28T23:59").end(Span.MONTH) == at("2028-03-01T00:00").at
    assert at("2027-02-28T23:59").end(Span.DAY) == at("2027-03-01T00:00").at


def test_a_day_on_which_clocks_go_forward_has_twenty_three_hours() -> None:
    begins = at("2026-03-29T00:00")
    assert begins.end(Span.DAY) - begins.at == timedelta(hours=23)


def test_a_day_on_which_clocks_go_back_has_twenty_five_hours() -> None:
    begins = at("2026-10-25T00:00")
    assert begins.end(Span.DAY) - begins.at == timedelta(hours=25)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    first, second = Periods(utc("2026-10-25T00:30"), BERLIN), Periods(utc("2026-10-25T01:30"), BERLIN)
    assert first.at.astimezone(BERLIN).hour == second.at.astimezone(BERLIN).hour == 2
    assert first.hour != second.hour
    assert first.day == second.day


def test_where_midnight_itself_is_left_out_the_day_still_ends() -> None:
    """In Cairo clocks go forward at midnight, so that 24 April 2026 begins at one o'clock."""
    before = at("2026-04-23T23:30", CAIRO)
    assert before.day == "2026-04-23"
    assert Periods(before.end(Span.DAY), CAIRO).day == "2026-04-24"
    assert before.end(Span.DAY) - before.at <= timedelta(minutes=30)


def test_days_begin_at_different_moments_at_the_two_ends_of_the_world() -> None:
    noon = utc("2026-11-20T10:30")
    assert Periods(noon, KIRITIMATI).day == "2026-11-21"
    assert Periods(noon, PAGO).day == "2026-11-19"


def test_another_time_zone_leaves_today_what_it_is_where_both_agree() -> None:
    noon = utc("2026-11-20T12:00")
    assert {Periods(noon, zone).day for zone in (ZoneInfo("UTC"), BERLIN, NEW_YORK, KATHMANDU)} == {"2026-11-20"}
    assert {Periods(noon, zone).month for zone in ZONES} == {"2026-11"}


def test_labels_are_what_a_report_sorts_by() -> None:
    days = [at(text).day for text in ("2026-12-31T12:00", "2027-01-01T12:00", "2027-01-10T12:00")]
    assert days == sorted(days)
