"""What the browser carries back, spoiled in one way only."""

from oauthapp.callers.provider.misbehaving.answers import ANSWERS

GOOD = [("code", "the-code"), ("state", "the-state"), ("iss", "https://us.example")]


def test_a_parameter_that_comes_twice_is_good_both_times() -> None:
    """Else a client that takes the last one would refuse it, for another reason."""
    found = ANSWERS["answer_parameter_twice"](GOOD)

    assert found.count(("code", "the-code")) == 2
    assert set(found) == set(GOOD)
