"""When is a process flat? Its last quarter beside its second; the first warms up."""

import pytest

from bench.soak import judge

STEADY = {"own_kb": 100_000, "rss_kb": 120_000, "descriptors": 20, "threads": 10}


def samples(**last: int) -> list[dict[str, object]]:
    """Forty looks: it warms up, stays, and holds `last` more in the last quarter."""
    more = [dict.fromkeys(STEADY, -10)] * 10 + [{}] * 20 + [last] * 10
    return [
        {
            "at": number * 10.0,
            "processes": {
                "app": {name: of + add.get(name, 0) for name, of in STEADY.items()}
            },
        }
        for number, add in enumerate(more)
    ]


@pytest.mark.parametrize(
    ("what", "most"), [("own_kb", 5_000), ("descriptors", 5), ("threads", 5)]
)
def test_a_little_more_is_flat_and_one_beyond_is_not(what: str, most: int) -> None:
    assert judge(samples(**{what: most}))["app"]["flat"]
    assert not judge(samples(**{what: most + 1}))["app"]["flat"]


def test_what_stays_has_no_slope() -> None:
    assert judge(samples())["app"]["kb_an_hour"] == 0.0
    assert judge(samples(own_kb=6_000))["app"]["kb_an_hour"] > 0
