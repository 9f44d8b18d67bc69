"""How many values each subject is tried with.

Few by default, so that every run has them. One million in all, 200 000 for each of
the five subjects, the same ones each time:

    EXAMPLES=200000 python -m pytest tests/generated --timeout 0

The summary tells how many were accepted and how many refused.
"""

import os

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings

#: Values for each subject.
EXAMPLES = int(os.environ.get("EXAMPLES", "100"))

many = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
