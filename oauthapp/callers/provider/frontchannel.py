"""Tell clients that a user signed out, by the user's own browser.

A page with a frame for each client (OpenID Connect Front-Channel Logout 1.0 §3): the
twin of a redirect, as back-channel logout is the twin of a webhook. Whether a client's
cookie comes along is up to the browser; nobody repeats it if it does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response
from flask import render_template

from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.parameters import add_to_query
from oauthapp.policy import let_frames_show
from oauthapp.services import ProviderServices


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where one client is told that one login has ended."""

    name: str
    url: str


def frontchannel_addresses(
    services: ProviderServices, ended: Iterable[Grant]
) -> list[Address]:
    """The address for each login that has ended, if its client wants to be told."""
    clients = ((grant, find_client(services, grant.client_id)) for grant in ended)
    return [
        Address(
            name=client.client_name or client.client_id,
            url=add_to_query(
                client.frontchannel_logout_uri,
                [("iss", services.settings.issuer), ("sid", grant.sid)],
            ),
        )
        for grant, client in clients
        if client is not None and client.frontchannel_logout_uri
    ]


def signing_out_page(addresses: list[Address], return_to: str) -> Response:
    """A page that tells them all, then goes on to `return_to`."""
    for address in addresses:
        let_frames_show(address.url)
    page = render_template(
        "provider/signing_out.html", addresses=addresses, return_to=return_to
    )
    return Response(page)
