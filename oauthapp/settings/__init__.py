"""What each party can be told, and which combinations are refused as unsafe.

Strict: an unknown key or a wrong type is an error that names the key. They are
filled from a TOML file and the environment by `configuration.py`.
"""

from oauthapp import settings_checks as checks
from oauthapp.settings.app import AppSettings as AppSettings
from oauthapp.settings.app import LoginProvider as LoginProvider
from oauthapp.settings.app import WebhookSource as WebhookSource
from oauthapp.settings.client import Client as Client
from oauthapp.settings.limits import UNLIMITED_RATES as UNLIMITED_RATES
from oauthapp.settings.limits import AppLimits as AppLimits
from oauthapp.settings.limits import ProviderLimits as ProviderLimits
from oauthapp.settings.payments import Payments as Payments
from oauthapp.settings.provider import Endpoint as Endpoint
from oauthapp.settings.provider import ProviderSettings as ProviderSettings
from oauthapp.settings.provider import User as User
from oauthapp.settings.serving import LogSettings as LogSettings
from oauthapp.settings.serving import ServingSettings as ServingSettings
from oauthapp.settings.shape import ResponseMode as ResponseMode
from oauthapp.settings.shape import Shape


class RecorderSettings(Shape, frozen=True, kw_only=True):
    """Where recorded calls are kept; both parties may share one."""

    database_url: str = "sqlite:///instance/recorder.sqlite"
    #: Seconds its server has to come up when we start.
    database_wait: float = 10.0
    #: Keys the hashes that stand in for secrets; empty: the party's own secret_key.
    key: str = ""
    #: Calls that are kept, and days: the oldest beyond either go.
    keep_calls: int = 100_000
    keep_days: int = 30

    def __post_init__(self) -> None:
        checks.require_database_url("database_url", self.database_url)
        checks.require_range("database_wait", self.database_wait, 0, 3600)
        checks.require_range("keep_calls", self.keep_calls, 100, 10**9, unit="calls")
        checks.require_range("keep_days", self.keep_days, 1, 3650, unit="days")


class Settings(Shape, frozen=True, kw_only=True):
    """One file's content: a party each, either may be absent."""

    app: AppSettings | None = None
    provider: ProviderSettings | None = None
    recorder: RecorderSettings = RecorderSettings()
    log: LogSettings = LogSettings()
    serving: ServingSettings = ServingSettings()
