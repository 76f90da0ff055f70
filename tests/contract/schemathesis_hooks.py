"""What the fuzzer must know of the service beyond the document."""

import itertools
import re

import requests
import schemathesis

PASSWORD = "seven quiet herons at dusk"
# They end the session or the account of whoever calls: the two users would be out after the first.
ENDING = {"logout", "delete_account", "delete_sessions", "delete_session", "put_password"}
_numbers = itertools.count()


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends what ends a session as somebody who signed up for it."""
    operation = case.operation.definition.raw.get("operationId")
    token = case.headers.get("Authorization")
    if operation not in ENDING or token is None:
        return
    account = f"{case.operation.base_url}/v1/account"
    if requests.get(account, headers={"Authorization": str(token)}, timeout=30).status_code == 401:
        # A token that is wrong on purpose stays so.
        return
    body = {"email": f"leaving-{next(_numbers)}@example.org", "password": PASSWORD}
    answer = requests.post(f"{case.operation.base_url}/v1/accounts", json=body, timeout=30)
    answer.raise_for_status()
    case.headers["Authorization"] = f"Bearer {answer.json()['tokens']['access_token']}"


def _has_null(value):
    if isinstance(value, dict):
        return any(_has_null(member) for member in value.values())
    if isinstance(value, list):
        return any(_has_null(item) for item in value)
    return value is None


def _breaks_its_pattern(case):
    """Whether a case that is meant to be valid has a condition that the document's own pattern refuses: at the
    limits of a text's length the generator forgets the pattern."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return False
    for parameter in case.operation.headers:
        value = case.headers.get(parameter.name)
        pattern = parameter.definition.get("schema", {}).get("pattern")
        if value is not None and pattern is not None and re.search(pattern, str(value)) is None:
            return True
    return False


@schemathesis.hook
def filter_case(context, case):
    """Leaves out bodies with `null`. It means the same as leaving the member out, and is taken; the document does
    not offer it, for generators of clients make unions of it. Tests of the API cover it."""
    if _breaks_its_pattern(case):
        return False
    return not _has_null(case.body) or case.method == "PATCH"
