"""Both parties in one process, started and stopped by whoever needs them."""

from pathlib import Path

from oauthapp.demo import log_in
from oauthapp.demo import running_demo

OPEN_FILES = Path("/proc/self/fd")


def test_a_demo_that_has_stopped_holds_no_file(tmp_path: Path) -> None:
    with running_demo(tmp_path, app_port=0, provider_port=0) as demo:
        log_in(demo)
        assert str(tmp_path) in held()

    assert str(tmp_path) not in held()


def held() -> str:
    """All files that this process has open, one a line."""
    return "\n".join(
        str(one.readlink()) for one in OPEN_FILES.iterdir() if one.is_symlink()
    )
