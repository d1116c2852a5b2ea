"""No part of a key in what is shown, and no control either."""

import json
import time

import pytest

from pipeline.llm.redaction import Redactor, find_secrets, mask_secrets

KEY = "sk-planted-0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Incorrect API key provided: {KEY}.", "Incorrect API key provided: ***."),
        ("Incorrect key: sk-plant*****cdef. See", "Incorrect key: ***. See"),
        ("Your api key: ****cdef is invalid", "Your api key: *** is invalid"),
        ("key sk-p...cdef", "key ***"),
        ("a key with 0123456789 in it", "a key with *** in it"),
        ("a key ending in cdef", "a key ending in ***"),
        ("Bearer abc.def-ghi is wrong", "Bearer *** is wrong"),
        ("another sk-other-key-1", "another ***"),
        ("org-x<ak-abcdefghijklmnop1234> is suspended", "org-x<***> is suspended"),
        ("a\x1b[31m\u202ered\u0007 \u2066line\n\tend", "a [31m red line end"),
        (
            "max_tokens 9999, skip, ask, the **bold** word",
            "max_tokens 9999, skip, ask, the **bold** word",
        ),
        ("model gpt-4o-2024-08-06 at 2024-10-21", "model gpt-4o-2024-08-06 at 2024-10-21"),
    ],
)
def test_a_line_shows_no_part_of_a_key(text: str, shown: str) -> None:
    """Whole, masked in part by the server, its end alone, or another one of the same look."""
    assert Redactor(KEY).redact_line(text) == shown


def test_the_secrets_of_an_address_are_its_login_and_its_keys() -> None:
    """A version is none."""
    redact = Redactor(
        "", "http://user:pass1234@h/v1?api-version=2024-10-21&subscription-key=abcdefgh"
    )
    assert redact.redact_line("pass1234 abcdefgh 2024-10-21") == "*** *** 2024-10-21"


def test_secrets_of_fields_are_known_by_name_or_look() -> None:
    """However deep they stand; the digest names the rest."""
    fields = {
        "enable_thinking": False,
        "provider": {"order": ["DeepInfra"], "api_key": "hello"},
        "headers": {"Authorization": "Basic zzz"},
        "user": "sk-abcdef123",
        "trace": "0a1b2c3d4e5f60718293a4b5c6",
    }
    assert find_secrets(fields) == {
        "hello",
        "Basic zzz",
        "sk-abcdef123",
        "0a1b2c3d4e5f60718293a4b5c6",
    }
    masked = json.loads(mask_secrets(fields))
    assert masked["provider"] == {"order": ["DeepInfra"], "api_key": "***"}
    assert masked["enable_thinking"] is False
    assert masked["user"] == masked["trace"] == "***"


@pytest.mark.parametrize("text", ["a", "*", "a-", "x.", "sk-", "Bearer "])
def test_a_line_of_any_length_is_made_in_no_time(text: str) -> None:
    """A server may send megabytes."""
    started = time.monotonic()
    Redactor(KEY).redact_line(text * 2_000_000)
    assert time.monotonic() - started < 2
