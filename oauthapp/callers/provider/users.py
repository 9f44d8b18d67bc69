"""Who can sign in at this provider?"""

from oauthapp.settings import ProviderSettings
from oauthapp.settings import User


def find_user(settings: ProviderSettings, sub: str) -> User | None:
    """The user of this name; None also when they were taken out of the settings."""
    return next((user for user in settings.users if user.sub == sub), None)
