"""Every table there is: a page for each database, which never read each other.

What would be worth stealing is kept as a hash: states, codes, cookies and tokens are
found by `secret_hash`, never by themselves.
"""

import hashlib


def secret_hash(secret: str) -> str:
    """What is stored instead of `secret`: enough to find it, useless to a thief.

    A plain SHA-256 suffices because every secret here is 128 random bits or more.
    What somebody invents may be no text at all; it has a hash all the same.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
