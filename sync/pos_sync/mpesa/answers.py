"""Which answers of Daraja are a success, which a definite no, and which leave it open.

Only codes that somebody has described count as a no. All else, and above all a page of somebody on
the way, leaves it open: a push may have gone out.
"""

from __future__ import annotations

from http import HTTPStatus

from pos_sync.http.json_objects import Json, first_of, object_of, read_object, text_of
from pos_sync.http.transport import Answer
from pos_sync.mpesa.errors import CallRefused, MpesaError, NoAnswer, WhyNoAnswer, WhyRefused

_BY_CODE = {
    "400.002.02": WhyRefused.BAD_FIELD,
    "400.002.05": WhyRefused.BAD_FIELD,
    "400.001": WhyRefused.BAD_FIELD,
    "400.008.01": WhyRefused.WRONG_KEYS,
    "400.008.02": WhyRefused.WRONG_KEYS,
    "404.001.03": WhyRefused.TOKEN,
    "401.002.01": WhyRefused.TOKEN,
    "401.003.01": WhyRefused.TOKEN,
    "400.003.01": WhyRefused.TOKEN,
    "401.001": WhyRefused.TOKEN,
    "403.011.01": WhyRefused.TOKEN,
    "404.001.01": WhyRefused.WRONG_ADDRESS,
    "404.002.01": WhyRefused.WRONG_ADDRESS,
    "404.003.01": WhyRefused.WRONG_ADDRESS,
    "404.001.04": WhyRefused.WRONG_ADDRESS,
    "405.001": WhyRefused.WRONG_ADDRESS,
    "500.003.02": WhyRefused.BUSY,
    "500.003.03": WhyRefused.QUOTA,
    "500.002.1001": WhyRefused.REPEATED,
}
_TELLING = (
    ("merchant does not exist", WhyRefused.NO_SUCH_MERCHANT),
    ("wrong credentials", WhyRefused.WRONG_PASSKEY),
    ("unable to lock subscriber", WhyRefused.LOCKED),
    ("being processed", WhyRefused.IN_PROGRESS),
    ("under processing", WhyRefused.IN_PROGRESS),
)
"""What the words of 500.001.1001 say: it stands for four things."""

_FAULTS = (
    ("policies.ratelimit.quotaviolation", WhyRefused.QUOTA),
    ("policies.ratelimit", WhyRefused.BUSY),
    ("keymanagement.service", WhyRefused.TOKEN),
    ("oauth.v2", WhyRefused.TOKEN),
)
_FAILURE = frozenset({"errorCode", "fault"})
_NOT_ENABLED = "no apiproduct match found"


def read_success(answer: Answer, *, may_fail: bool = False) -> Json:
    """Return the JSON of a success; raises CallRefused for a definite no, NoAnswer for all else.

    `may_fail` lets through what tells its failure by a ResponseCode of its own.
    """
    if not answer.body.strip():
        raise NoAnswer(WhyNoAnswer.EMPTY, answer.status)
    found = read_object(answer.body)
    if found is None:
        raise NoAnswer(WhyNoAnswer.NOT_JSON, answer.status)
    tells_itself = may_fail and first_of(found, "ResponseCode") is not None
    if tells_itself or (answer.status == HTTPStatus.OK and not _FAILURE & found.keys()):
        return found
    raise _what_is_said(answer.status, found, answer.retry_after_seconds)


def _what_is_said(status: int, found: Json, retry_after: int | None) -> MpesaError:
    code, words = text_of(found.get("errorCode"), 40), text_of(found.get("errorMessage"))
    fault = object_of(found.get("fault"))
    if fault:
        return _fault(status, fault, retry_after)
    why = _why(code, words)
    if why is not None:
        return CallRefused(why, code, words, retry_after)
    if status >= 500:
        return NoAnswer(WhyNoAnswer.SERVER_ERROR, status, f"{code} {words}".strip())
    return NoAnswer(WhyNoAnswer.OTHER_CODE, status, f"{code} {words}".strip())


def _why(code: str, words: str) -> WhyRefused | None:
    if code == "500.001.1001":
        return next((why for part, why in _TELLING if part in words.lower()), None)
    if code == "500.003.1001" and "already registered" in words.lower():
        return WhyRefused.REGISTERED
    return _BY_CODE.get(code)


def _fault(status: int, fault: Json, retry_after: int | None) -> MpesaError:
    """Return what the gateway in front of Daraja says: it has let nothing through."""
    words = text_of(fault.get("faultstring"))
    code = text_of(object_of(fault.get("detail")).get("errorcode"), 80)
    if _NOT_ENABLED in words.lower():
        return CallRefused(WhyRefused.NOT_ENABLED, code, words)
    for part, why in _FAULTS:
        if code.lower().startswith(part):
            return CallRefused(why, code, words, retry_after)
    return NoAnswer(WhyNoAnswer.OTHER_CODE, status, f"{code} {words}".strip())
