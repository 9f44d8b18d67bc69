"""Where the rooms of the provider come together; for the app's see `app.py`.

Apart from it, so that a provider starts without what only the app needs.
"""

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask

from oauthapp.callers.checkout.routes import bp as checkout_bp
from oauthapp.callers.jobs.routes import bp as jobs_bp
from oauthapp.callers.provider.authlib_server import authorization_server
from oauthapp.callers.provider.impostor_routes import bp as impostor_bp
from oauthapp.callers.provider.logout_routes import bp as logout_bp
from oauthapp.callers.provider.metadata_routes import bp as metadata_bp
from oauthapp.callers.provider.pushed_routes import bp as pushed_bp
from oauthapp.callers.provider.registration_routes import bp as registration_bp
from oauthapp.callers.provider.routes import bp as provider_bp
from oauthapp.callers.provider.token_routes import bp as token_bp
from oauthapp.callers.provider.userinfo_routes import bp as userinfo_bp
from oauthapp.callers.repos.routes import bp as repos_bp
from oauthapp.callers.sender.endpoints import take_over
from oauthapp.clock import Clock
from oauthapp.clock import system_clock
from oauthapp.database import open_database
from oauthapp.health.checks import provider_readiness
from oauthapp.health.routes import PATHS as HEALTH
from oauthapp.health.routes import bp as health_bp
from oauthapp.metrics.routes import PATH as METRICS
from oauthapp.metrics.routes import bp as metrics_bp
from oauthapp.mounting import Mounted
from oauthapp.openapi.routes import provider_bp as provider_openapi_bp
from oauthapp.pages import csrf
from oauthapp.pages import make_flask
from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.store import Recorder
from oauthapp.schema.provider import provider_tables
from oauthapp.services import ProviderServices
from oauthapp.settings import ProviderSettings

if TYPE_CHECKING:
    from requests import Session

#: Our own pages and assets: not calls between the parties, so not recorded.
UNRECORDED = (
    "/",
    *HEALTH,
    METRICS,
    "/control",
    "/faults",
    "/favicon.ico",
    "/openapi.json",
    "/static",
)


def create_provider(
    settings: ProviderSettings,
    recorder: Recorder,
    *,
    clock: Clock = system_clock,
    durable: bool = True,
    orders_by_http: bool = True,
) -> Flask:
    """The provider: OpenID provider and webhook sender.

    :param durable: False for a test's provider, which need not survive a power cut.
    :param orders_by_http: False for one whose `control` is in its own process: there is
        no /control.
    :raises sqlalchemy.exc.SQLAlchemyError: when the database cannot be opened.
    """
    app = make_flask(
        "oauthapp",
        party="provider",
        secret_key=settings.secret_key,
        url=settings.issuer,
    )
    reach: Reach = "global or loopback" if settings.deliver_to_loopback else "global"
    services = ProviderServices(
        settings=settings,
        database=open_database(
            settings.database_url,
            provider_tables,
            durable=durable,
            wait=settings.database_wait,
        ),
        clock=clock,
        open_http=partial(_outbound, recorder, reach),
        recorder=recorder,
    )
    app.extensions["oauthapp"] = services
    take_over(services)
    app.extensions["oauthapp.authorization_server"] = authorization_server(app)
    machines_only = (
        *(metadata_bp, token_bp, userinfo_bp, pushed_bp, registration_bp),
        jobs_bp,
    )
    for bp in (provider_bp, logout_bp, checkout_bp, repos_bp, *machines_only):
        app.register_blueprint(bp)
    app.register_blueprint(provider_openapi_bp)
    app.register_blueprint(health_bp)
    app.register_blueprint(metrics_bp)
    app.extensions["oauthapp.readiness"] = provider_readiness(services)
    for bp in machines_only:
        csrf.exempt(bp)
    if settings.control:
        app.register_blueprint(impostor_bp)
    if settings.control and orders_by_http:
        _take_orders(app, services)
    app.wsgi_app = RecordInbound(  # type: ignore[method-assign]
        app.wsgi_app, recorder, "provider", ignore=UNRECORDED
    )
    if settings.path():
        app.wsgi_app = Mounted(  # type: ignore[method-assign]
            app.wsgi_app, settings.path()
        )
    return app


def _take_orders(app: Flask, services: ProviderServices) -> None:
    from oauthapp.callers.provider.control_routes import bp as provider_bp
    from oauthapp.callers.provider.controls import Controls
    from oauthapp.callers.provider.fault_routes import bp as faults_bp
    from oauthapp.callers.sender.control_routes import bp as sender_bp
    from oauthapp.control.routes import take_orders

    take_orders(app, provider_bp, sender_bp)
    app.register_blueprint(faults_bp)
    app.extensions["oauthapp.controls"] = Controls(services)


def _outbound(recorder: Recorder, reach: Reach) -> "Session":
    from oauthapp.recorder.outbound import recorded_session  # and an HTTP client

    return recorded_session(recorder, "provider", reach=reach)
