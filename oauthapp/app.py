"""Where the rooms come together: the two parties, each a WSGI application."""

import logging

from flask import Blueprint
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
from oauthapp.callers.checkout.routes import bp as checkout_bp
from oauthapp.callers.jobs.routes import bp as jobs_bp
from oauthapp.callers.provider.authlib_server import authorization_server
from oauthapp.callers.provider.control_routes import bp as provider_control_bp
from oauthapp.callers.provider.controls import Controls
from oauthapp.callers.provider.fault_routes import bp as faults_bp
from oauthapp.callers.provider.logout_routes import bp as logout_bp
from oauthapp.callers.provider.metadata_routes import bp as metadata_bp
from oauthapp.callers.provider.pushed_routes import bp as pushed_bp
from oauthapp.callers.provider.registration_routes import bp as registration_bp
from oauthapp.callers.provider.routes import bp as provider_bp
from oauthapp.callers.provider.token_routes import bp as token_bp
from oauthapp.callers.provider.userinfo_routes import bp as userinfo_bp
from oauthapp.callers.repos.routes import bp as repos_bp
from oauthapp.callers.sender.control_routes import bp as sender_control_bp
from oauthapp.callers.sender.endpoints import take_over
from oauthapp.clock import Clock
from oauthapp.clock import system_clock
from oauthapp.control.routes import bp as control_bp
from oauthapp.database import open_database
from oauthapp.mounting import Mounted
from oauthapp.openapi.routes import app_bp as app_openapi_bp
from oauthapp.openapi.routes import provider_bp as provider_openapi_bp
from oauthapp.pages import csrf
from oauthapp.pages import make_flask
from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from oauthapp.schema.app import app_tables
from oauthapp.schema.provider import provider_tables
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings
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

#: Our own pages and assets: not calls between the parties, so not recorded.
UNRECORDED = (
    "/",
    "/calls",
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
        database=open_database(settings.database_url, app_tables),
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
    for bp in machines_only:
        csrf.exempt(bp)
    if settings.control:
        _take_orders(app, redirect_control_bp)
        misbehave_when_told(app)
    app.wsgi_app = RecordInbound(  # type: ignore[method-assign]
        app.wsgi_app, recorder, "app", ignore=UNRECORDED
    )
    return app


def create_provider(
    settings: ProviderSettings,
    recorder: Recorder,
    *,
    clock: Clock = system_clock,
    durable: bool = True,
) -> Flask:
    """The provider: OpenID provider and webhook sender.

    :param durable: False for a test's provider, which need not survive a power cut.
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
        database=open_database(settings.database_url, provider_tables, durable=durable),
        clock=clock,
        http=recorded_session(recorder, "provider", reach=reach),
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
    for bp in machines_only:
        csrf.exempt(bp)
    if settings.control:
        _take_orders(app, provider_control_bp, sender_control_bp)
        app.register_blueprint(faults_bp)
        app.extensions["oauthapp.controls"] = Controls(services)
    app.wsgi_app = RecordInbound(  # type: ignore[method-assign]
        app.wsgi_app, recorder, "provider", ignore=UNRECORDED
    )
    if settings.path():
        app.wsgi_app = Mounted(  # type: ignore[method-assign]
            app.wsgi_app, settings.path()
        )
    return app


def _take_orders(party: Flask, *of_this_party: Blueprint) -> None:
    """To misbehave, for tests and demonstrations: see `control/routes.py`."""
    for bp in (control_bp, *of_this_party):
        party.register_blueprint(bp)
        csrf.exempt(bp)  # its own guard looks at who gives orders
