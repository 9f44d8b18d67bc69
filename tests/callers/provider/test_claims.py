"""Which claims are told, and where."""

from oauthapp.callers.provider.claims import granted
from oauthapp.callers.provider.claims import read_claims

ALICE = {"name": "Alice", "email": "alice@example.com"}


def test_what_is_asked_for_and_known_is_told_where_it_was_asked_for() -> None:
    asked = read_claims(
        '{"id_token": {"name": null, "sub": null, "phone_number": null},'
        ' "userinfo": {"email": {"value": "alice@example.com"}, "name": '
        '{"values": ["Bob"]}}}'
    )

    assert granted(asked, {**ALICE, "sub": "alice"}) == {
        "id_token": ["name"],
        "userinfo": ["email"],
    }


def test_of_very_many_claims_those_that_are_known_are_told() -> None:
    many = ", ".join(f'"c{number}": null' for number in range(200_000))
    asked = read_claims(f'{{"userinfo": {{{many}, "name": null}}}}')

    assert granted(asked, ALICE) == {"id_token": [], "userinfo": ["name"]}
