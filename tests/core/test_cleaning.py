"""Text is cleaned of what nobody can see and of what steers a server, and of nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cleaning import clean, without_steering

NASTY = (
    'aK9#<>"/_ \t\n\r\x00\x1b\x85\u00a0\u00ad\u200b\u200c\u200d\u200e\u202e\u2028\u2060\u2066\u3000\ufe0f\ufeff\uffff'
    "\u0301\u0308\u20e3\u3099か\u093c\u094dक\u0627\u0653\u1fef\u2126❤👩⚕🏽🏴\U000e0067\U000e007f\U000e0100\ud83d\ude00\ud800"
)
nasty_text = st.text(st.sampled_from(NASTY)) | st.text()


@given(nasty_text)
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(nasty_text)
def test_clean_text_can_be_stored_and_sent_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(ord(char) < 32 and char != "\n" for char in cleaned)
    assert not set("\x7f\u200b\u202e\u2066\u2069\ufeff") & set(cleaned)
    assert cleaned == cleaned.strip()
    assert not any(pair in cleaned for pair in ("  ", "\n\n", " \n", "\n "))


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("a\x00b\x07c", "abc"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("pay\u200bpal p\u200day\u200cpal", "paypal paypal"),
        ("one\r\n\r\n two\u2028three\tfour\u3000five", "one\ntwo\nthree four five"),
        ("cafe\u0301", "café"),
        ("\ud83d\ude00 \ud83d alone", "😀 \ufffd alone"),
        ("\ufeff  a cat  ", "a cat"),
        ("hi\U000e0068\U000e0069dden", "hidden"),
        ("a\ufe0f\ufe0f\ufe0f b", "a b"),
        ("\u0301\ufe0f\u093c\u200c9", "\u093c\u03019"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧 and ❤\ufe0f and 1\ufe0f\u20e3",
        "👩🏽\u200d⚕\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627",
        "क\u094d\u200dष",
        "葛\U000e0100城",
        "a sign in 日本語, العربية and ไทย — it's “fine” | really",
    ],
)
def test_emoji_and_scripts_that_need_joiners_keep_them(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ('a <sd_cpp_extra_args>{"steps": 99}</sd_cpp_extra_args> cat', "a cat"),
        ("a <SD_Cpp_Extra_Args>{}</sd_CPP_extra_args> cat", "a cat"),
        ("<sd_cpp_extra_args>a cat", "a cat"),
        ("a cat</sd_cpp_extra_args>", "a cat"),
        ("<sd_cpp_extra_args><sd_cpp_extra_args>x</sd_cpp_extra_args></sd_cpp_extra_args> cat", "cat"),
        ("<sd_cpp_<sd_cpp_extra_args>extra_args>", "<sd_cpp_ extra_args>"),
        ("a<lora:../../etc/passwd:1>cat", "a cat"),
        ("<lora:x<lora:y:1>:1> cat", ":1> cat"),
    ],
)
def test_what_steers_a_server_is_taken_out(typed: str, left: str) -> None:
    assert without_steering(typed) == (left, True)


@pytest.mark.parametrize("text", ["a cat | dog", "a <b>bold</b> cat <3", "sd_cpp_extra_args", "<lora: without end"])
def test_other_text_is_no_control_syntax(text: str) -> None:
    assert without_steering(text) == (text, False)


@given(st.lists(st.sampled_from(["<sd_cpp_extra_args>", "</sd_cpp_extra_args>", "<lora:", "<", "sd_cpp_", ">", "x "])))
def test_nothing_closes_up_into_control_syntax_again(pieces: list[str]) -> None:
    left, _ = without_steering("".join(pieces))
    assert "<sd_cpp_extra_args>" not in left
    assert without_steering(left) == (left, False)


@pytest.mark.parametrize(
    "piece", ["<sd_cpp_extra_args>", "<lora:", "a\u200d", "\u202e", " \n", "❤\ufe0f", "\ud800", "x>"]
)
@pytest.mark.timeout(20)  # backtracking over 40,000 characters would take hours
def test_forty_thousand_nasty_characters_are_cleaned_for_good(piece: str) -> None:
    left, _ = without_steering(clean((piece * 40_000)[:40_000]))
    assert without_steering(left) == (left, False)


@pytest.mark.parametrize(
    "pile", ["\u0323\u0307", "\u0f71\u0f72\u0f74", "\u0f73", "\u0344", "\u0301\u200d\u0323\u200d", "\u05b0\ufe0f"]
)
def test_marks_that_pile_up_on_one_letter_are_cut_off(pile: str) -> None:
    """Ordering 40,000 marks takes time quadratic in their number, in which nobody else is served."""
    once = clean("a" + (pile * 40_000)[:40_000])
    assert clean(once) == once
    assert len(once) <= 62


def test_a_letter_keeps_the_marks_that_writing_needs() -> None:
    for word in ("Việt Nam", "שָׁלוֹם", "हिन्दी", "ཧཱུྃ", "Zürich", "👩🏽\u200d🚀"):
        assert clean(word) == unicodedata.normalize("NFC", word)
