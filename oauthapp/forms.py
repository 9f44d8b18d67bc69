"""The forms of a page, as a browser would fill them in. Pure."""

from dataclasses import dataclass
from dataclasses import field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """A form as the page shows it, hidden fields filled in."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    #: Name and value of each submit button.
    buttons: list[tuple[str, str]] = field(default_factory=list)


def forms_in(html: str, url: str) -> list[Form]:
    """The forms of the page `html` that was found at `url`."""
    parser = _FormParser(url)
    parser.feed(html)
    return [form for form in parser.forms if form.action]


class _FormParser(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(action=urljoin(self._url, given.get("action", "")))
            self.forms.append(self._open)
        elif self._open is None or not given.get("name"):
            return
        elif tag == "button" or given.get("type") == "submit":
            self._open.buttons.append((given["name"], given.get("value", "")))
        elif tag == "input":
            self._open.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
