"""A certificate for this machine's own https, of an authority made for it alone."""

from dataclasses import dataclass
from pathlib import Path

from oauthapp.errors import SettingsError
from oauthapp.serving import Tls


@dataclass(frozen=True, kw_only=True)
class Certified:
    """What the server proves its name with, and what its clients have to trust."""

    tls: Tls
    #: The authority's certificate, in PEM.
    authority: Path


def certify(host: str, folder: Path) -> Certified:
    """Make a certificate for `host`; nobody else can: the authority's key is not kept.

    :param folder: that nobody else can read.
    :raises SettingsError: when the library for it is not installed.
    """
    try:
        import trustme  # an extra: few need https on their own machine
    except ImportError:
        raise SettingsError(
            "--https: needs a library more: pip install 'oauthapp[https]'"
        ) from None
    authority = trustme.CA()
    issued = authority.issue_cert(host)
    tls = Tls(certificate=folder / "certificate.pem", key=folder / "key.pem")
    chain = b"".join(one.bytes() for one in issued.cert_chain_pems)
    tls.certificate.write_bytes(chain)
    issued.private_key_pem.write_to_path(tls.key)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    return Certified(tls=tls, authority=folder / "ca.pem")
