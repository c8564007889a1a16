"""The e-mails that left this host: kept in files, for nobody is there to receive them."""

import email
from dataclasses import dataclass
from datetime import datetime
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend

SHOWN = 50


@dataclass(frozen=True)
class Letter:
    """An e-mail as its receiver reads it without pictures."""

    to: str
    subject: str
    text: str
    sent_at: datetime


class Mailbox(EmailBackend):
    """A file for each message, in the demonstration's own folder."""


def letters() -> list[Letter]:
    """The latest first."""
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_letter(file) for file in files[:SHOWN]]


def _letter(file: Path) -> Letter:
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(str(message["To"]), str(message["Subject"]), text, parsedate_to_datetime(str(message["Date"])))
