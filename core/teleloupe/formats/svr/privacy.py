"""What would tell who somebody is, how they felt, or how to get in (SVR specification, section 9.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from teleloupe.formats.svr.rules import fault
from teleloupe.formats.svr.session import Session
from teleloupe.jsontext import pointer
from teleloupe.model import Issue

_PSEUDONYM = re.compile(r"anon-[a-z0-9]+(-[a-z0-9]+)*")
_WORDS = re.compile(r"[^\W\d_]+(?:[ .][^\W\d_]+)+")
_PHONE_SIGNS = str.maketrans("", "", " ()[].+-")
_PHONE_DIGITS = re.compile(r"[0-9]{7,}")
_NOT_KEY = re.compile(r"[^a-z0-9]")

_IDENTITY = frozenset({
    "fullname", "firstname", "lastname", "realname", "username", "participantname", "email", "emailaddress", "phone",
    "phonenumber", "dob", "dateofbirth", "birthdate", "employeeid", "badgeid", "badgenumber", "ssn", "ip",
    "ipaddress", "macaddress", "hostname", "homeaddress", "photo", "voiceprint",
})  # fmt: skip
_BIOMETRIC = frozenset({
    "heartrate", "hr", "hrv", "bpm", "gsr", "eda", "eeg", "ecg", "emg", "gaze", "gazex", "gazey", "eyetracking",
    "pupil", "pupildiameter", "respirationrate", "skinconductance", "bodytemperature", "biometric", "biometrics",
    "faceid", "fingerprint",
})  # fmt: skip
_CREDENTIAL = frozenset({
    "password", "passwd", "secret", "token", "accesstoken", "authtoken", "sessiontoken", "apikey", "bearer",
    "credential", "credentials", "cookie",
})  # fmt: skip
_KEYS = (
    (_IDENTITY, "privacy.detail_identifying", "tells who or which machine it was; leave it out"),
    (_BIOMETRIC, "privacy.detail_biometric", "is a reading of somebody's body; leave it out"),
    (_CREDENTIAL, "privacy.detail_secret", "is a credential; leave it out and revoke it"),
)
_LISTED = _IDENTITY | _BIOMETRIC | _CREDENTIAL
_VALUES = (
    (
        re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
        "privacy.value_email",
        "the text contains an e-mail address",
    ),
    (
        re.compile(r"\b(https?|wss?|ftp)://", re.IGNORECASE),
        "privacy.value_url",
        "the text contains a network address",
    ),
    (
        re.compile(r"[a-z]:\\users\\[^\\\s]|/home/[^/\s]|/users/[^/\s]", re.IGNORECASE),
        "privacy.value_user_path",
        "the text contains a path inside somebody's profile",
    ),
)


def privacy_faults(session: Session) -> Iterator[Issue]:
    """What may not leave the building. Messages never repeat the text in question."""
    yield from _participant_faults(session)
    for index, element in enumerate(session.elements):
        if not isinstance(element, dict):
            continue
        yield from _actor_faults(session, index, element)
        details = element.get("details")
        if isinstance(details, dict) and _is_suspect(details):
            yield from _walk(details, session.place(index, "details"), with_keys=True)
    for block in ("score", "report"):
        if isinstance(session.bundle.get(block), dict):
            yield from _walk(session.bundle[block], f"/{block}", with_keys=False)


def participant_fault(participant: str, at: str) -> Issue | None:
    """What is wrong with a participant id, if anything."""
    digits = participant.translate(_PHONE_SIGNS)
    if "@" in participant or _WORDS.fullmatch(participant) or _PHONE_DIGITS.fullmatch(digits):
        return fault("privacy.participant_identifying", at, "the participant id looks like personal data")
    if not _PSEUDONYM.fullmatch(participant):
        message = "the participant id is not of the form anon-<code>"
        return fault("privacy.participant_not_pseudonymous", at, message)
    return None


def _participant_faults(session: Session) -> Iterator[Issue]:
    """The bundle's participant; of bare events each participant once."""
    if session.is_bundle:
        named = [(session.bundle.get("participant_id"), "/participant_id")]
    else:
        named = [
            (element.get("participant_id"), session.place(index, "participant_id"))
            for index, element in enumerate(session.elements)
            if isinstance(element, dict)
        ]
    seen: set[str] = set()
    for participant, at in named:
        if not isinstance(participant, str) or not participant or participant in seen:
            continue
        seen.add(participant)
        if (issue := participant_fault(participant, at)) is not None:
            yield issue


def _actor_faults(session: Session, index: int, element: dict[str, Any]) -> Iterator[Issue]:
    actor = element.get("actor_id")
    if (
        isinstance(actor, str)
        and actor not in ("", "system")
        and actor not in (element.get("participant_id"), session.bundle.get("participant_id"))
    ):
        message = "the actor is neither system nor the participant"
        yield fault("privacy.actor_unexpected", session.place(index, "actor_id"), message)


def _is_suspect(details: dict[str, Any]) -> bool:
    """Whether details have a listed key, a telling text or anything nested; most have none of it and need no walk."""
    for key, value in details.items():
        if type(value) is str:
            if _may_tell(value):
                return True
        elif type(value) is dict or type(value) is list:
            return True
        if _folded(key) in _LISTED:
            return True
    return False


def _may_tell(text: str) -> bool:
    """Whether a text has a sign that one of the patterns needs."""
    return "@" in text or "/" in text or "\\" in text


@lru_cache(maxsize=4096)
def _folded(key: str) -> str:
    return _NOT_KEY.sub("", key.lower())


def _walk(root: Any, at: str, *, with_keys: bool) -> Iterator[Issue]:
    """Faults of the keys (where asked) and of all texts in a value, at any depth."""
    pending = [(root, at)]
    while pending:
        value, where = pending.pop()
        if isinstance(value, str):
            yield from _text_faults(value, where)
            continue
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in members:
            if with_keys and isinstance(key, str):
                yield from _key_faults(key, where)
            if isinstance(inner, dict | list) or (isinstance(inner, str) and _may_tell(inner)):
                pending.append((inner, where + pointer(key)))


def _key_faults(key: str, at: str) -> Iterator[Issue]:
    folded = _folded(key)
    if folded in _LISTED:
        for names, code, meaning in _KEYS:
            if folded in names:
                yield fault(code, at + pointer(key), f'detail "{key[:60]}" {meaning}')


def _text_faults(text: str, at: str) -> Iterator[Issue]:
    for pattern, code, message in _VALUES:
        if pattern.search(text):
            yield fault(code, at, message)
