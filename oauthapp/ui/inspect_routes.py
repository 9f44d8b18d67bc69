"""The inspector: every recorded call, searched through and looked at one by one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import render_template
from flask import request
from flask import url_for

from oauthapp.errors import NotFound
from oauthapp.recorder import search_store
from oauthapp.recorder.search_store import Page
from oauthapp.recorder.step import Step
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.recorder.visible import BREAKS
from oauthapp.recorder.visible import visible
from oauthapp.recorder.wording import guess_in_words
from oauthapp.services import app_services
from oauthapp.ui import inspect_json
from oauthapp.ui.export_routes import FORMATS
from oauthapp.ui.inspect_filter import CHOICES
from oauthapp.ui.inspect_filter import FIELDS
from oauthapp.ui.inspect_filter import Asked
from oauthapp.ui.inspect_filter import read
from oauthapp.ui.judged import judged

bp = Blueprint("inspect", __name__)
bp.add_app_template_filter(partial(visible, but=BREAKS), "visible")


@bp.get("/inspect")
def calls() -> str:
    """The calls that were asked for, newest first."""
    recorder = app_services().recorder
    asked = read(request.args)
    first, last = search_store.extent(recorder.database)
    return render_template(
        "app/inspect.html",
        asked=asked,
        given=_given(),
        page=_page(recorder, asked),
        choices=CHOICES,
        kept=last - first + 1 if last else 0,
        known_as=_known_as(recorder, asked.wanted.text),
        link_to=_link_to,
    )


@bp.get("/inspect.json")
def calls_as_json() -> Response:
    """The same as data."""
    recorder = app_services().recorder
    asked = read(request.args)
    page = _page(recorder, asked)
    known_as = _known_as(recorder, asked.wanted.text)
    return jsonify(inspect_json.page_as_json(page, _link_to, known_as))


@bp.get("/inspect/<call_id>")
def call(call_id: str) -> str:
    """One call: who called, what was sent, what came of it and why."""
    step, story = _step(call_id)
    return render_template(
        "app/inspect_call.html",
        step=step,
        story=story,
        why=judged(step),
        guess=guess_in_words(step),
        shared=_shared(step, story),
        formats=FORMATS,
    )


@bp.get("/inspect/<call_id>.json")
def call_as_json(call_id: str) -> Response:
    """The same as data."""
    step, story = _step(call_id)
    return jsonify(inspect_json.step_as_json(step, story, judged(step)))


@bp.app_template_filter("day_and_time")
def day_and_time(at: float) -> str:
    """Unix seconds as people read them: day and time here, with milliseconds."""
    return datetime.fromtimestamp(at).isoformat(" ", "milliseconds")


@bp.app_template_filter("for_input")
def for_input(at: float | None) -> str:
    """Unix seconds as a datetime-local field wants them."""
    return "" if at is None else datetime.fromtimestamp(at).isoformat("T", "seconds")


def _page(recorder: Recorder, asked: Asked) -> Page:
    return search_store.page(
        recorder.database, asked.wanted, before=asked.before, after=asked.after
    )


def _given() -> Mapping[str, str]:
    """What was asked for, without where to go on."""
    return {name: request.args[name] for name in FIELDS if request.args.get(name)}


def _link_to(**where: int) -> str:
    """Another page of what was asked for."""
    names: dict[str, Any] = {**_given(), **where}
    return url_for(request.endpoint or "", **names)


def _known_as(recorder: Recorder, text: str) -> list[str]:
    """As what this very text tied calls together: found by hash, however long ago."""
    if not text:
        return []
    return search_store.carried(recorder.database, recorder.links_if(text))


def _step(call_id: str) -> tuple[Step, Story]:
    """The step that this call is a record of, and the story that it is part of."""
    recorder = app_services().recorder
    found = recorder.find(call_id)
    if found is None:
        raise NotFound(arrived=call_id[:80])
    story = tell(recorder.run(found))
    return next(step for step in story.steps if found.id in step.ids), story


def _shared(step: Step, story: Story) -> dict[str, list[Step]]:
    """What it shares with which other steps of its run."""
    return {
        link: [one for one in story.steps if link in one.links and one is not step]
        for link in sorted(step.links)
    }
