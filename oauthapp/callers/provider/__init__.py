"""The OpenID provider: it sends browsers back to redirect URIs."""
