"""Somebody else's keys, for a client that goes where a token sends it."""

from flask import Blueprint
from flask import Response
from flask import jsonify

from oauthapp.callers.provider.keys import published_keys
from oauthapp.callers.provider.misbehaving.endpoints import other_keys
from oauthapp.callers.provider.misbehaving.token import IMPOSTORS_KEYS
from oauthapp.services import provider_services

bp = Blueprint("provider_impostor", __name__)


@bp.get(IMPOSTORS_KEYS)
def impostors_keys() -> Response:
    """Where a token that brings its own `jku` says that its key is.

    Whoever asks here believes such tokens, so the call is recorded like any other.
    """
    return jsonify(other_keys(published_keys(provider_services())))
