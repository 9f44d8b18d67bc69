"""What each party's API is, for everybody and for tools: `/openapi.json`."""

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.openapi.document import Party
from oauthapp.openapi.document import document
from oauthapp.services import app_services
from oauthapp.services import provider_services

app_bp = Blueprint("app_openapi", __name__)
provider_bp = Blueprint("provider_openapi", __name__)

#: Seconds it may be kept; it changes with the program only.
MAX_AGE = 3600


@app_bp.get("/openapi.json")
def of_the_app() -> BaseResponse:
    """The app's API as OpenAPI 3.1."""
    settings = app_services().settings
    return _answer("app", settings.base_url, control=settings.control)


@provider_bp.get("/openapi.json")
def of_the_provider() -> BaseResponse:
    """The provider's API as OpenAPI 3.1."""
    settings = provider_services().settings
    return _answer("provider", settings.issuer, control=settings.control)


def _answer(party: Party, url: str, *, control: bool) -> BaseResponse:
    tenants = "oauthapp.tenants" in current_app.extensions
    told = document(party, url, control=control, tenants=tenants)
    answer = Response(told, mimetype="application/json")
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.add_etag()
    return answer.make_conditional(request)
