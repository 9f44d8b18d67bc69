"""Back-channel logout: a webhook of OpenID Connect, signed like an id_token."""
