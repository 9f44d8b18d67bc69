"""Where the rooms of the app come together; `provider_app.py` is the other party's."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask

from oauthapp.callbacks.backchannel.routes import bp as backchannel_bp
from oauthapp.callbacks.builds.routes import bp as builds_bp
from oauthapp.callbacks.payment.routes import bp as payment_bp
from oauthapp.callbacks.redirect.control_routes import bp as redirect_control_bp
from oauthapp.callbacks.redirect.discovery import Discovery
from oauthapp.callbacks.redirect.routes import bp as redirect_bp
from oauthapp.callbacks.result.export_routes import bp as exports_bp
from oauthapp.callbacks.result.routes import bp as result_bp
from oauthapp.callbacks.security_event.routes import bp as security_event_bp
from oauthapp.callbacks.webhook.misbehaving import misbehave_when_told
from oauthapp.callbacks.webhook.routes import bp as webhook_bp
from oauthapp.clock import Clock
from oauthapp.clock import system_clock
from oauthapp.control.routes import take_orders
from oauthapp.database import open_database
from oauthapp.health.app_checks import app_readiness
from oauthapp.health.routes import PATHS as HEALTH
from oauthapp.health.routes import bp as health_bp
from oauthapp.kinds import Kind
from oauthapp.metrics.routes import PATH as METRICS
from oauthapp.metrics.routes import bp as metrics_bp
from oauthapp.openapi.routes import app_bp as app_openapi_bp
from oauthapp.pages import csrf
from oauthapp.pages import make_flask
from oauthapp.provider_app import create_provider as create_provider
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from oauthapp.schema.app import app_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.ui.bins.catch import bp as bin_catch_bp
from oauthapp.ui.bins.routes import bp as bins_bp
from oauthapp.ui.export_routes import bp as export_bp
from oauthapp.ui.inspect_routes import bp as inspect_bp
from oauthapp.ui.play_routes import bp as play_bp
from oauthapp.ui.replay_routes import bp as replay_bp
from oauthapp.ui.routes import bp as ui_bp
from oauthapp.ui.security_routes import bp as security_bp

log = logging.getLogger(__name__)

#: What the app shows of itself and of what it heard.
PAGES = (
    ui_bp,
    play_bp,
    security_bp,
    inspect_bp,
    export_bp,
    replay_bp,
    bins_bp,
    bin_catch_bp,
)

#: What the paths begin with of calls that are no redirects.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {"/webhooks/": "webhook", "/results/": "callback_url"}
)

#: Our own pages and assets: not calls between the parties, so not recorded.
UNRECORDED = (
    "/",
    "/calls",
    *HEALTH,
    METRICS,
    "/control",
    "/faults",
    "/favicon.ico",
    "/inspect",
    "/openapi.json",
    "/inspect.json",
    "/play",
    "/security",
    "/static",
)


def create_app(
    settings: AppSettings, recorder: Recorder, *, clock: Clock = system_clock
) -> Flask:
    """The app: relying party, webhook endpoint and compare page.

    :raises sqlalchemy.exc.SQLAlchemyError: when the database cannot be opened.
    """
    app = make_flask(
        "oauthapp",
        party="app",
        secret_key=settings.secret_key,
        url=settings.base_url,
    )
    # Whom it calls stands in its settings; a company's provider is often not global.
    http = recorded_session(recorder, "app", reach="anywhere")
    services = AppServices(
        settings=settings,
        database=open_database(
            settings.database_url, app_tables, wait=settings.database_wait
        ),
        clock=clock,
        http=http,
        recorder=recorder,
    )
    app.extensions["oauthapp"] = services
    app.jinja_env.globals["weaknesses"] = services.weaknesses
    if settings.without:
        log.warning("open to attack: off are %s", ", ".join(settings.without))
    app.extensions["oauthapp.discovery"] = Discovery(
        http, clock, call_time=settings.call_time
    )
    machines_only = (webhook_bp, result_bp, backchannel_bp, security_event_bp)
    work = (exports_bp, builds_bp)
    for bp in (redirect_bp, payment_bp, *work, *PAGES, *machines_only):
        app.register_blueprint(bp)
    app.register_blueprint(app_openapi_bp)
    app.register_blueprint(health_bp)
    app.register_blueprint(metrics_bp)
    app.extensions["oauthapp.readiness"] = app_readiness(services)
    for bp in machines_only:
        csrf.exempt(bp)
    if settings.control:
        take_orders(app, redirect_control_bp)
        misbehave_when_told(app)
    app.wsgi_app = RecordInbound(  # type: ignore[method-assign]
        app.wsgi_app, recorder, "app", ignore=UNRECORDED, kinds=KINDS
    )
    return app
