"""The archive has all that HAR 1.2 wants, whatever the calls hold."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oauthapp
from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.har import har
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import calls

#: What the specification does not call optional, by the place where it stands.
REQUIRED = {
    "log": {"version": str, "creator": dict, "entries": list},
    "creator": {"name": str, "version": str},
    "entry": {
        "startedDateTime": str,
        "time": (int, float),
        "request": dict,
        "response": dict,
        "cache": dict,
        "timings": dict,
    },
    "request": {
        "method": str,
        "url": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "queryString": list,
        "headersSize": int,
        "bodySize": int,
    },
    "response": {
        "status": int,
        "statusText": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "content": dict,
        "redirectURL": str,
        "headersSize": int,
        "bodySize": int,
    },
    "content": {"size": int, "mimeType": str},
    "postData": {"mimeType": str, "params": list, "text": str},
    "pair": {"name": str, "value": str},
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
}


def require(place: str, told: dict[str, Any]) -> None:
    for name, kind in REQUIRED[place].items():
        assert isinstance(told[name], kind), f"{place}.{name}"


def entries(*of: Call) -> list[Any]:
    """The entries of an archive that is as it should be."""
    log = json.loads(har(of))["log"]
    require("log", log)
    require("creator", log["creator"])
    for entry in log["entries"]:
        request, answer = entry["request"], entry["response"]
        require("entry", entry)
        require("request", request)
        require("response", answer)
        require("content", answer["content"])
        require("timings", entry["timings"])
        if "postData" in request:
            require("postData", request["postData"])
        for pairs in (
            *(request[name] for name in ("cookies", "headers", "queryString")),
            *(answer[name] for name in ("cookies", "headers")),
        ):
            for pair in pairs:
                require("pair", pair)
        assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
    return log["entries"]


def test_a_call_is_an_entry() -> None:
    (entry,) = entries(GOOD)

    assert entry["startedDateTime"] == "2023-11-14T22:13:20.250000+00:00"
    assert entry["time"] == 12.5
    request = entry["request"]
    assert request["queryString"] == [
        {"name": "a", "value": "1"},
        {"name": "a", "value": "2"},
    ]
    assert request["bodySize"] == 16
    assert request["postData"]["text"] == '{"type": "t\'x!"}'
    assert entry["response"]["cookies"] == [
        {
            "name": "a",
            "value": "b",
            "path": "/",
            "httpOnly": False,
            "secure": False,
        }
    ]


def test_it_says_who_wrote_it() -> None:
    assert json.loads(har([]))["log"] == {
        "version": "1.2",
        "creator": {"name": "oauthapp", "version": oauthapp.__version__},
        "entries": [],
    }


def test_entries_stand_in_the_order_in_which_they_began() -> None:
    late, early = replace(GOOD, at=2.0, method="GET"), replace(GOOD, at=1.0)

    assert [one["request"]["method"] for one in entries(late, early)] == ["POST", "GET"]


def test_a_redirect_names_where_it_leads() -> None:
    call = replace(GOOD, status=303, answer_headers=(("Location", "/next"),))

    assert entries(call)[0]["response"]["redirectURL"] == "/next"


def test_a_call_that_nobody_answered_has_status_0() -> None:
    assert entries(replace(GOOD, status=None))[0]["response"]["status"] == 0


def test_a_body_that_is_not_kept_is_no_text() -> None:
    call = replace(GOOD, answer_body="[image/png, 12 bytes]")
    content = entries(call)[0]["response"]["content"]

    assert (content["text"], content["comment"]) == ("", "[image/png, 12 bytes]")


@pytest.mark.parametrize(
    ("length", "body", "size"),
    [("²", "x", -1), ("9" * 5000, "x", -1), ("-1", "", 0), ("", "", 0), ("7", "", 7)],
    ids=range(5),
)
def test_an_odd_length_is_no_crash(length: str, body: str, size: int) -> None:
    headers = (("Content-Length", length),)
    (entry,) = entries(replace(GOOD, request_headers=headers, request_body=body))

    assert entry["request"]["bodySize"] == size


@given(st.lists(calls, max_size=3))
def test_whatever_calls_hold_the_archive_is_one(several: list[Call]) -> None:
    assert len(entries(*several)) == len(several)
    json.dumps(json.loads(har(several)), ensure_ascii=False).encode()
