"""What a request is made of, and how it is spoilt."""

import random
from collections.abc import Callable

_METHODS = [b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"TRACE", b"CONNECT", b"PRI"]
_METHODS += [b"get", b"", b"G\0T", b"G" * 5000, b"GE T", b"\xff"]
_TARGETS = [
    *(b"/", b"/webhooks/demo", b"/callback/demo?code=a&state=b", b"/token", b"/jwks"),
    *(b"/authorize?client_id=a", b"/me", b"/logout", b"/results/demo", b"/userinfo"),
    *(b"*", b"", b"//evil.example/", b"http://evil.example/", b"/%00", b"/%ff%fe"),
    *(b"/\0", b"/a b", b"/" + b"a" * 20000, b"/?" + b"a=b&" * 3000, b"/..%2f..", b"/%"),
    *(b"/static/../../etc/passwd", b"/static/%2e%2e/%2e%2e/x", b"/#x", b"/?%zz=%"),
    *(b"/inspect/%0d%0aX:1", b"/login/\r\nX: y", b"/openapi.json?\xff", b"\\", b":"),
    *(b"/.well-known/openid-configuration", b"/introspect", b"/revoke", b"/register"),
]
_VERSIONS = [b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0"]
_VERSIONS += [b"HTTP/0.9", b"", b"HTTP/1.", b"HTTP/9" + b"9" * 50, b"http/1.1", b"X"]
_HOSTS = [
    b"Host: localhost",
    b"Host: 127.0.0.1",
    b"Host:",
    b"Host: a\0b",
    b"Host: [::1",
]
_HOSTS += [b"Host: evil.example:99999", b"Host: \xff", b"Host: a b", b"X-No-Host: 1"]
_HEADERS = [
    *(b"Content-Length: 5", b"Content-Length: 5", b"Content-Length: 0"),
    *(b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: 0x5"),
    *(
        b"Content-Length: " + b"9" * 30,
        b"Content-Length: 5, 5",
        b"Content-Length: \xd9",
    ),
    *(b"Content-Length: 99999999", b"Content-Length: 1_0", b"Content-Length:"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked, chunked"),
    *(b"Transfer-Encoding: gzip", b"Transfer-Encoding: \x0bchunked", b"TE: trailers"),
    *(b"Transfer-Encoding : chunked", b"Connection: close", b"Connection: upgrade"),
    *(b"Upgrade: h2c", b"Expect: 100-continue", b"Expect: x", b"Trailer: Host"),
    *(b"Content-Type: application/x-www-form-urlencoded", b"Content-Type: \0"),
    *(b"Content-Type: application/json", b"Content-Type: multipart/form-data"),
    *(b'Content-Type: multipart/form-data; boundary="b', b"Content-Type: a/b; c*=x''%"),
    *(
        b"Cookie: a=b; ;; =; \xff=\0",
        b"Cookie: oauthapp_app=eyJ.x.y",
        b"Cookie: " + b"a" * 9000,
    ),
    *(b"Authorization: Basic \xff", b"Authorization: Basic YTpi", b"Authorization:"),
    *(
        b"Accept: text/html",
        b"Accept: */*;q=x",
        b"Accept: \0",
        b"Accept-Encoding: gzip",
    ),
    *(
        b"Range: bytes=9-1",
        b"Range: bytes=-",
        b"If-None-Match: W/",
        b"If-None-Match: *",
    ),
    *(b"If-Modified-Since: x", b"Date: \xff", b"Origin: null", b"Sec-Fetch-Site: x"),
    *(b"X-Forwarded-For: a, b", b'Forwarded: for="', b"traceparent: 00-\xff-01"),
    *(
        b"no colon",
        b": empty",
        b" folded",
        b"\tfolded",
        b"A\0: b",
        b"A: b\0c",
        b"A: b\rc",
    ),
    *(b"webhook-id: \xff", b"webhook-timestamp: 1", b"webhook-signature: v1,\0"),
    *(
        b"Stripe-Signature: t=1",
        b"A: " + b"b" * 70000,
        b"\xff: \xff",
        b"A;: b",
        b"{}: x",
    ),
    b"\r\n".join(b"X-%d: y" % number for number in range(300)),
]
_BODIES = [
    *(
        b"",
        b"hello",
        b"5\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhell",
        b"-1\r\n",
        b"zz\r\n\r\n",
    ),
    *(b"ffffffffffffffffffff\r\n", b"5;x=" + b"y" * 9000 + b"\r\nhello\r\n0\r\n\r\n"),
    *(b"0\r\nHost: evil\r\n\r\n", b"5\nhello\n0\n\n", b"0x5\r\nhello\r\n0\r\n\r\n"),
    *(
        b"a=b&a=c&=d&%",
        b"=",
        b"grant_type=\0",
        b"{",
        b"[" * 9000,
        b'{"a":"\xff"}',
        b"\0",
    ),
    *(b"--b\r\n\r\n\r\n--b--", b"--b\r\nContent-Disposition: form-data; x\r\n\r\n"),
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n" * 3,
]
_ENDS = [b"\r\n"] * 40 + [b"\n", b"\r", b"\r\r\n", b"\n\r"]

Change = Callable[[bytes, int, random.Random], bytes]


def _cut(raw: bytes, at: int, _dice: random.Random) -> bytes:
    return raw[:at]


def _one_byte(raw: bytes, at: int, dice: random.Random) -> bytes:
    return raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1 :]


def _more(raw: bytes, at: int, dice: random.Random) -> bytes:
    return (
        raw[:at] + dice.choice([b"\0", b"\r\n", b"\n", b" ", b":", b"\xff"]) + raw[at:]
    )


def _twice(raw: bytes, at: int, dice: random.Random) -> bytes:
    return raw[:at] + raw[at : at + dice.randrange(60)] * 2 + raw[at:]


_CHANGES: list[Change] = [_cut, _one_byte, _one_byte, _more, _twice]


def request(dice: random.Random) -> bytes:
    """One request, seldom a good one."""
    end = dice.choice(_ENDS)
    first = b" ".join(
        [dice.choice(_METHODS), dice.choice(_TARGETS), dice.choice(_VERSIONS)]
    )
    if dice.random() < 0.5:  # what is right in its first line gets further
        first = (
            dice.choice(_METHODS[:4]) + b" " + dice.choice(_TARGETS[:10]) + b" HTTP/1.1"
        )
    headers = [dice.choice(_HOSTS[:2] * 4 + _HOSTS)]
    headers += [dice.choice(_HEADERS) for _ in range(dice.randrange(4))]
    dice.shuffle(headers)
    raw = end.join([first, *headers, b"", b""]) + dice.choice(_BODIES)
    for _ in range(dice.choice([0, 0, 0, 1, 1, 3])):
        raw = dice.choice(_CHANGES)(raw, dice.randrange(len(raw) + 1), dice)
    return raw or b"\r\n"
