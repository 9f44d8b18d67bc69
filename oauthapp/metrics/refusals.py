"""Why somebody is not told the figures."""

from oauthapp.errors import Refused


class MetricsOff(Refused):
    """Nothing is counted here."""

    code = "metrics_off"
    status = 404
    remedy = (
        "Write metrics = true into the table [serving], and install oauthapp[metrics]."
    )


class MetricsClosed(Refused):
    """The figures are for this machine only."""

    code = "metrics_closed"
    status = 403
    expected = "a program on this machine that calls us directly and by our own name"
    cause = "The caller is elsewhere, or came through a proxy."
    remedy = "Set serving.metrics_token, and let the caller send it as bearer token."


class MetricsTokenWrong(Refused):
    """This is not the token for the figures."""

    code = "metrics_token_wrong"
    status = 401
    expected = "Authorization: Bearer, with the value of serving.metrics_token"
