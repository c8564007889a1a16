"""Pictures of badges: checked when they are uploaded, kept by their content, never redrawn."""

import io
import json
import re
from base64 import b64encode
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from openedx_utop.badges.baking import baked
from openedx_utop.badges.data import MalformedImage, UnknownPicture
from openedx_utop.badges.models import Achievement, AchievementImage

# A wallet draws it in a square; under 90 pixels nobody can read it, over a megabyte phones wait for it.
LEAST_PIXELS = 90
MOST_PIXELS = 2000
MOST_BYTES = 1024 * 1024
# For badges without a picture of their own. What stands in its place one day is kept beside it, not over it.
SHIPPED = Path(__file__).parent.parent / "static" / "openedx_utop" / "badge.png"
LONGEST_WAIT = timedelta(days=1)
ADDRESS = re.compile(r"/utop/pictures/([0-9a-f]{64})\.png$")


def keep_picture(png: bytes) -> AchievementImage:
    """The picture's row, the same for the same content, kept for good; raises MalformedImage with a sentence."""
    return kept(await_picture(png, now=None))


def await_picture(png: bytes, *, now: datetime | None) -> AchievementImage:
    """The same, until somebody keeps a badge with it: `forget_pictures` takes away what nobody kept."""
    check_picture(png)
    values = {"png": png, "waits_since": now}
    record, _is_new = AchievementImage.objects.get_or_create(sha256=sha256(png).hexdigest(), defaults=values)
    return record


def kept(record: AchievementImage) -> AchievementImage:
    """The picture, which waits no more."""
    if record.waits_since:
        record.waits_since = None
        record.save(update_fields=["waits_since"])
    return record


def forget_pictures(*, now: datetime) -> int:
    """Take away the pictures uploaded more than a day ago with which nobody kept a badge; how many."""
    used = Achievement.objects.exclude(image=None).values("image")
    waiting = AchievementImage.objects.filter(waits_since__lt=now - LONGEST_WAIT).exclude(pk__in=used)
    return waiting.delete()[0]


def check_picture(png: bytes) -> None:
    """Raise MalformedImage for what wallets would not show, or could not carry a credential."""
    if len(png) > MOST_BYTES:
        raise MalformedImage(_("The picture is larger than one megabyte."))
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            width, height = opened.size
            if not LEAST_PIXELS <= width <= MOST_PIXELS or width != height:
                raise MalformedImage(_size_wanted(width, height))
            opened.load()
            if opened.convert("RGBA").getchannel("A").getextrema()[1] == 0:
                raise MalformedImage(_("There is nothing to see on this picture: it is transparent all over."))
        _check_chunks(png)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MalformedImage(_("This is not a PNG picture, or it is damaged.")) from error


def _check_chunks(png: bytes) -> None:
    """Something may stand behind the picture, or between its parts, that viewers pass over and baking would not."""
    try:
        baked(png, "")
    except MalformedImage as error:
        raise ValueError from error


@cache
def shipped_digest() -> str:
    """By which the picture that comes with the product is known."""
    return sha256(SHIPPED.read_bytes()).hexdigest()


def keep_shipped_picture() -> None:
    """Badges signed with the picture that comes with the product keep it when another comes with it."""
    row = AchievementImage(sha256=shipped_digest(), png=SHIPPED.read_bytes())
    AchievementImage.objects.bulk_create([row], ignore_conflicts=True)


def picture(digest: str) -> bytes:
    """The picture with this content; raises UnknownPicture."""
    record = AchievementImage.objects.filter(sha256=digest).first()
    if record:
        return bytes(record.png)
    if digest != shipped_digest():
        raise UnknownPicture(digest)
    return SHIPPED.read_bytes()


def signed_picture(document: str) -> bytes | None:
    """The picture that a credential was signed with; None for the one that comes with the product."""
    found = ADDRESS.search(json.loads(document)["credentialSubject"]["achievement"]["image"]["id"])
    return picture(found[1]) if found and found[1] != shipped_digest() else None


def drawn_around(png: bytes) -> str:
    """A drawing that holds nothing but the picture."""
    data = b64encode(png).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<image width="100" height="100" href="data:image/png;base64,{data}"/></svg>'
    )


def _size_wanted(width: int, height: int) -> str:
    return _("The picture has {width} × {height} pixels: it must be a square of {least} to {most}.").format(
        width=width, height=height, least=LEAST_PIXELS, most=MOST_PIXELS
    )
