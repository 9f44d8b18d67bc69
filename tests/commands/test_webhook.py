"""`oauthapp sign` and `oauthapp verify`: twins that believe each other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.cli import main
from tests.callbacks.webhook.senders import NOW
from tests.callbacks.webhook.senders import OTHER_PUBLIC
from tests.callbacks.webhook.senders import OTHER_SYMMETRIC
from tests.callbacks.webhook.senders import PRIVATE
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED
from tests.callbacks.webhook.senders import SYMMETRIC
from tests.callbacks.webhook.senders import standard

BODY = b'{"id":"evt_1","event_id":"Ev1"}'
#: Scheme, the secret that signs, the one that checks, and the id to be seen.
TWINS = [
    ("standard", SYMMETRIC, SYMMETRIC, "msg_1"),
    ("standard", PRIVATE, PUBLIC, "msg_1"),
    ("stripe", SHARED, SHARED, "evt_1"),
    ("github", SHARED, SHARED, "msg_1"),
    ("slack", SHARED, SHARED, "Ev1"),
]
twins = pytest.mark.parametrize(("scheme", "signs", "checks", "id"), TWINS)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on a file with these bytes; None for standard input."""

    def run(command: str, *arguments: str, file: bytes, stdin=False, **env) -> Result:
        path = tmp_path / "file"
        path.write_bytes(file)
        return CliRunner().invoke(
            main,
            [command, *arguments, "-" if stdin else str(path)],
            input=file if stdin else None,
            env={"OAUTHAPP_SECRET": None, **env},
        )

    return run


def signed(run: Run, scheme: str, secret: str, body: bytes = BODY) -> bytes:
    """A request of which `sign` made the headers."""
    places = SCHEMES[scheme]
    id = ["--id", "msg_1"] if places.id_header else []
    at = ["--timestamp", str(NOW)] if places.has_time else []
    told = ["--scheme", scheme, "--secret", secret, *id, *at]
    done = run("sign", *told, file=body)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes + b"\n" + body


def judge(run: Run, scheme: str, *secrets: str, file: bytes, **how) -> dict:
    options = [word for secret in secrets for word in ("--secret", secret)]
    now = str(how.pop("now", NOW))
    done = run(
        "verify", "--scheme", scheme, *options, "--now", now, "--json", file=file, **how
    )
    said = json.loads(done.stdout)
    assert done.exit_code == (0 if said["accepted"] else 1)
    return said


@twins
def test_what_sign_signs_verify_accepts(run, scheme, signs, checks, id) -> None:
    said = judge(run, scheme, checks, file=signed(run, scheme, signs))
    at = None if scheme == "github" else NOW
    assert (said["accepted"], said["reason"]) == (True, "")
    assert (said["message_id"], said["timestamp"]) == (id, at)
    assert said["secret_number"] == 1


@twins
def test_what_was_altered_verify_refuses(run, scheme, signs, checks, id) -> None:
    said = judge(run, scheme, checks, file=signed(run, scheme, signs) + b" ")
    assert (said["accepted"], said["reason"]) == (False, "signature_mismatch")
    assert all(said[name] for name in ("why", "expected", "received", "cause"))


@twins
def test_the_right_signature_is_shown_and_no_secret(
    run, scheme, signs, checks, id
) -> None:
    altered = signed(run, scheme, signs).replace(b"evt_1", b"evt_2")
    said = judge(run, scheme, checks, file=altered)
    right = signed(run, scheme, signs, BODY.replace(b"evt_1", b"evt_2"))
    value = [line for line in right.decode().splitlines() if "ignature" in line][0]
    shown = value.split(": ")[1] in "".join(said["expected"])
    assert shown is (not checks.startswith("whpk_"))
    assert checks not in json.dumps(said)
    assert checks[-8:] not in json.dumps(said)


def test_people_read_the_verdict_the_reason_and_what_to_do(run) -> None:
    words = run("verify", "--secret", SYMMETRIC, "--now", str(NOW + 301), file=good())
    assert words.exit_code == 1
    assert words.stdout.startswith("refused: timestamp_too_old\n  why         The mess")
    for name in ("expected", "received", "cause", "do"):
        assert f"\n  {name} " in words.stdout
    words = run("verify", "--secret", SYMMETRIC, "--now", str(NOW), file=good())
    assert words.exit_code == 0
    assert words.stdout.splitlines() == [
        "accepted",
        "  message id  msg_1",
        "  signed at   1700000000 (2023-11-14 22:13:20 UTC)",
        "  secret      number 1",
    ]


def good() -> bytes:
    from tests.callbacks.webhook.senders import BODY

    lines = [f"{name}: {value}" for name, value in standard().items()]
    return "\r\n".join(["POST /x HTTP/1.1", *lines, "", ""]).encode() + BODY


def test_verify_reads_standard_input(run) -> None:
    assert judge(run, "standard", SYMMETRIC, file=good(), stdin=True)["accepted"]


def test_sign_reads_standard_input(run) -> None:
    done = run("sign", "--secret", SYMMETRIC, file=b"{}", stdin=True)
    assert done.stdout.startswith("webhook-id: msg_")


def test_the_secret_may_come_from_the_environment(run) -> None:
    assert judge(run, "standard", file=good(), OAUTHAPP_SECRET=SYMMETRIC)["accepted"]
    done = run("sign", file=b"{}", OAUTHAPP_SECRET=SYMMETRIC)
    assert done.exit_code == 0


def test_an_option_goes_before_the_environment(run) -> None:
    env = {"OAUTHAPP_SECRET": OTHER_SYMMETRIC}
    assert judge(run, "standard", SYMMETRIC, file=good(), **env)["accepted"]


def test_of_several_secrets_the_fitting_one_is_named(run) -> None:
    secrets = [OTHER_SYMMETRIC, OTHER_PUBLIC, SYMMETRIC]
    assert judge(run, "standard", *secrets, file=good())["secret_number"] == 3


def test_now_is_now(run) -> None:
    done = run("verify", "--secret", SYMMETRIC, file=good())
    assert done.stdout.startswith("refused: timestamp_too_old\n")
    fresh = run("sign", "--secret", SYMMETRIC, file=b"{}").stdout_bytes + b"\n{}"
    done = run("verify", "--secret", SYMMETRIC, file=fresh)
    assert done.stdout.startswith("accepted\n")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_break_at_the_end_is_found_out(run, end: bytes) -> None:
    said = judge(run, "standard", SYMMETRIC, file=good() + end)
    assert "without the line break" in said["remedy"][1]
    said = judge(run, "standard", OTHER_SYMMETRIC, file=good() + end)
    assert len(said["remedy"]) == 1


def test_the_headers_of_another_scheme_are_found_out(run) -> None:
    said = judge(run, "standard", SYMMETRIC, file=signed(run, "slack", SHARED))
    assert said["reason"] == "header_missing"
    assert "--scheme slack" in said["remedy"][1]


def test_a_terminal_is_told_nothing_to_obey(run) -> None:
    evil = good().replace(b"v1,", "v1,\x9b2J".encode("latin-1"))
    done = run("verify", "--secret", SYMMETRIC, "--now", str(NOW), file=evil)
    assert done.exit_code == 1
    assert done.stdout.isascii() or "\x9b" not in done.stdout


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("verify", [], "secret: give --secret, or set OAUTHAPP_SECRET"),
        ("sign", [], "secret: give --secret, or set OAUTHAPP_SECRET"),
        ("verify", ["--secret", ""], "secret: give --secret"),
        ("sign", ["--secret", ""], "secret: give --secret"),
        ("verify", ["--secret", "whsec_x"], "secret 1: write whsec_"),
        ("verify", ["--secret", PRIVATE], "secret 1: write whsec_"),
        ("verify", ["--secret", SYMMETRIC, "--secret", "x"], "secret 2: write whsec_"),
        ("sign", ["--secret", "whsec_x"], "secret: write whsec_"),
        ("sign", ["--secret", PUBLIC], "secret: write whsec_"),
        ("sign", ["--secret", PRIVATE[:-4]], "secret: write whsk_"),
        ("sign", ["--secret", SYMMETRIC, "--id", "msg.1"], "--id: write 1 to 256"),
        ("sign", ["--secret", SYMMETRIC, "--id", "a\nb: c"], "--id: write 1 to 256"),
        ("sign", ["--secret", SYMMETRIC, "--id", ""], "--id: write 1 to 256"),
        ("sign", ["--secret", "s", "--scheme", "stripe", "--id", "x"], "--id: with"),
        (
            "sign",
            ["--secret", "s", "--scheme", "github", "--timestamp", "1"],
            "--timestamp: github signs no time",
        ),
        ("verify", ["--secret", SYMMETRIC], "request: no empty line"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(
    run, command, options, said
) -> None:
    done = run(command, *options, file=b"{}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"oauthapp: {said}")
    assert done.stderr.count("\n") == 1
    for secret in options[1:2]:
        assert len(secret) < 10 or secret not in done.stderr


@pytest.mark.parametrize("command", ["sign", "verify"])
def test_a_file_or_a_scheme_that_is_not_there_is_exit_code_2(command: str) -> None:
    runner = CliRunner()
    for wrong in (["nowhere"], ["--scheme", "hmac", "-"], []):
        done = runner.invoke(main, [command, "--secret", SYMMETRIC, *wrong])
        assert done.exit_code == 2


def test_the_secret_in_the_environment_is_no_setting(run, tmp_path: Path) -> None:
    from oauthapp.configuration import load_settings

    assert load_settings(None, {"OAUTHAPP_SECRET": SYMMETRIC}).app is None
