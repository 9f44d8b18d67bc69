"""The newest call of each reason, and how it is found."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy import event

from oauthapp.recorder.store import Recorder
from tests.recorder.calls import GOOD


def keep(recorder: Recorder, *outcomes: tuple[str, str]) -> None:
    """Calls with these verdicts and reasons, each named by its place."""
    for number, (verdict, reason) in enumerate(outcomes):
        recorder.keep(replace(GOOD, id=str(number), verdict=verdict, reason=reason))


def test_where_no_call_has_a_reason_there_is_none(recorder: Recorder) -> None:
    keep(recorder, ("accepted", ""), ("", ""))

    assert recorder.newest_by_reason() == {}


def test_the_newest_call_of_each_reason_is_found(recorder: Recorder) -> None:
    keep(
        recorder,
        ("refused", "state_forged"),
        ("refused", "iss_mismatch"),
        ("accepted", "state_forged"),
        ("accepted", ""),
    )

    found = recorder.newest_by_reason()

    assert {code: (one.id, one.verdict) for code, one in found.items()} == {
        "state_forged": ("2", "accepted"),
        "iss_mismatch": ("1", "refused"),
    }
    assert found["state_forged"].path == "/"


def test_a_call_with_two_reasons_is_found_by_both(recorder: Recorder) -> None:
    keep(
        recorder,
        ("refused", "iss_mismatch"),
        ("accepted", "iss_mismatch state_forged"),
        ("refused", "state_forged"),
    )

    found = recorder.newest_by_reason()

    assert {code: one.id for code, one in found.items()} == {
        "iss_mismatch": "1",
        "state_forged": "2",
    }


def test_a_call_that_was_heard_a_moment_ago_is_found(recorder: Recorder) -> None:
    with recorder.in_background():
        keep(recorder, ("refused", "state_forged"))

        assert "state_forged" in recorder.newest_by_reason()


@pytest.mark.parametrize("many", [1, 50])
def test_it_takes_two_steps_for_each_reason_and_not_one_for_each_call(
    recorder: Recorder, database: Engine, many: int
) -> None:
    keep(recorder, *[("refused", "state_forged"), ("accepted", "")] * many)
    statements: list[str] = []
    event.listen(
        database,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: statements.append(statement),
    )

    recorder.newest_by_reason()

    looked = [statement for statement in statements if "calls" in statement]
    assert len(looked) == 3
    with database.connect() as connection:
        for statement in looked:
            values = tuple("1" * statement.count("?"))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            assert "calls_of_reason" in str(plan.all())
