"""A call as a curl command that may be pasted into a shell, whoever sent it. Pure.

Nothing of the call is more than one word to the shell and one value to curl: words are
quoted, no value is taken for an option or the name of a file, and what a terminal would
obey while a text is pasted into it is written as an escape.
"""

import re
import shlex
from collections.abc import Iterator
from urllib.parse import quote

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.refusals import NoCommandPossible
from oauthapp.recorder.kept import has_masks
from oauthapp.recorder.kept import is_kept
from oauthapp.recorder.step import place_of

#: RFC 9110 §5.6.2.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
#: Curl says these itself, they belong to the connection, or they name this very call.
_CURLS_OWN = frozenset(
    """connection content-length expect keep-alive proxy-connection te
    traceparent trailer transfer-encoding upgrade""".split()
)
#: What curl adds unless it is told not to.
_ADDED = ("accept", "user-agent", "content-type", "expect")
#: To curl, which knows ASCII's only.
_BLANKS = " \t\x0b\x0c"
#: Bytes of one word: the system takes no more than 128 KiB.
_WORD_LIMIT = 100_000
_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
#: How a byte is written between $' and '. Neither a quote nor an exclamation mark
#: stands for itself, so that no shell, however old, sees an end or a history there.
_WRITTEN = [
    chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\!" else f"\\{byte:03o}"
    for byte in range(256)
]


def curl(call: Call) -> str:
    """The command, for bash and its like, below what it cannot say.

    :raises NoCommandPossible: it is not to be sent by HTTP.
    """
    if not call.url.lower().startswith(("http://", "https://")):
        raise NoCommandPossible(expected="an http or https URL")
    if not _TOKEN.fullmatch(call.method):
        raise NoCommandPossible(expected="a method that is a token (RFC 9110 §9.1)")
    body = word(_body(call))
    words = list(_words(call))
    if len(body) > _WORD_LIMIT:  # a shell's own printf takes more than a program does
        words[0] = f"printf %s {body} | {words[0]}"
        words.append("--data-binary @-")
    elif _body(call):
        words.append(f"--data-raw {body}")
    remarks = "".join(f"# {one}\n" for one in _remarks(call))
    return remarks + " \\\n  ".join(words) + "\n"


def word(raw: bytes) -> str:
    """`raw` as one word of a shell's command line.

    In plain quotes where it can be read and pasted as it is. A backslash stands in
    plain quotes for itself in every shell but fish.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\\" not in text and text.replace("\n", "").isprintable():
        return shlex.quote(text)
    return f"$'{''.join(_WRITTEN[byte] for byte in raw)}'"


def _words(call: Call) -> Iterator[str]:
    yield "curl --globoff --path-as-is --proto '=http,https'"
    if call.method == "HEAD":
        yield "--head"
    else:
        yield f"--request {word(call.method.encode())}"
    yield f"--url {word(_url(call.url).encode())}"
    yield from (f"--header {word(line)}" for line in _header_lines(call))


def _header_lines(call: Call) -> Iterator[bytes]:
    host = place_of(_url(call.url))[0]
    for name, value in call.request_headers:
        own = name.lower() in _CURLS_OWN or (name.lower(), value) == ("host", host)
        if own or not _can_be_sent(name, value):
            continue
        # With nothing but blanks behind the colon curl would leave it out.
        yield _raw(f"{name}: {value}" if value.strip(_BLANKS) else f"{name};")
    given = {name.lower() for name, _value in call.request_headers}
    yield from (f"{name}:".encode() for name in _ADDED if name not in given)


def _can_be_sent(name: str, value: str) -> bool:
    return bool(_TOKEN.fullmatch(name)) and not set(value) & set("\r\n\0")


def _raw(line: str) -> bytes:
    """As it was on the wire: what heard it made a character of every byte."""
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "backslashreplace")


def _body(call: Call) -> bytes:
    if call.method == "HEAD" or not is_kept(call.request_body):
        return b""
    return call.request_body.replace("\0", "\\x00").encode("utf-8", "backslashreplace")


def _url(url: str) -> str:
    """With what no URL may hold percent-encoded, and without its fragment."""
    raw = url.partition("#")[0].encode("utf-8", "backslashreplace")
    return quote(raw, safe=_VISIBLE)


def _remarks(call: Call) -> Iterator[str]:
    if has_masks(call):
        yield "What was secret is not kept: put your own in place of [name hash]."
    if call.request_body and not _body(call):
        yield "The body is left out: it is not kept, or curl sends none with HEAD."
    if any(not _can_be_sent(*pair) for pair in call.request_headers):
        yield "A header that HTTP cannot carry is left out."
