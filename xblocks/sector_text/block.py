"""One passage in the words of each trade."""

import copy
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from web_fragments.fragment import Fragment
from xblock.core import XBlock
from xblock.fields import Dict, Scope, String
from xblock.utils.resources import ResourceLoader
from xblock.validation import ValidationMessage

from xblocks.leaf import LeafBlock, Viewer
from xblocks.sector_text import olx
from xblocks.sector_text.versions import Version, cleaned, searchable, source_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trades:
    """The slugs of the trades a course offers, and of the whole tree each trade's name and lineage, itself first."""

    offered: Sequence[str]
    names: Mapping[str, str]
    lineages: Mapping[str, tuple[str, ...]]
    are_known: bool = True


@XBlock.wants("replace_urls")
class SectorTextBlock(LeafBlock):
    """A default version and one for each trade that needs it. Complete once seen, like the platform's own text.

    The HTML is the author's, who is trusted with it as in the platform's text component; so are addresses of files
    and of other blocks (/static/…, /jump_to_id/…), which the platform replaces in whatever a block shows.
    """

    # Staff who look as a given learner: it only shows.
    show_in_read_only_mode = True
    loader = ResourceLoader(__name__)
    editable_fields = ("display_name", "default_version", "versions")

    display_name = String(
        display_name=gettext_noop("Title"),
        help=gettext_noop("Shown in the outline of the course's author; learners do not see it."),
        default=gettext_noop("Text for each trade"),
        scope=Scope.settings,
    )
    default_version = String(
        display_name=gettext_noop("Default version"),
        help=gettext_noop("Read by whoever has no trade yet, or a trade without a version of its own."),
        default="",
        scope=Scope.content,
    )
    versions = Dict(
        display_name=gettext_noop("Versions"),
        help=gettext_noop("HTML by the identifier of the trade."),
        default={},
        scope=Scope.content,
    )

    @XBlock.supports("multi_device")
    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Visitors of a public course read the default version."""
        return self.student_view(context)

    def learner_view(self, user_id: int | None) -> Fragment:
        """The version of the learner's trade, else of the nearest trade above it, else the default."""
        source = source_of(self._lineage(user_id) if user_id and self.versions else (), self.versions)
        return self.rendered({"html": self._html(source), "source": source})

    def author_view(self, _context: dict[str, Any] | None = None) -> Fragment:
        """Every version, one at a time."""
        context = {"versions": self.all_versions(), "tracks_url": self.tracks_url()}
        return self.rendered(context, name="author", init="UtopSectorTextPreview")

    def studio_view(self, _context: dict[str, Any] | None = None) -> Fragment:
        """The form with all the versions."""
        context = {
            "versions": self.all_versions(),
            "title_help": _(self.fields["display_name"].help),
            "style_url": self.runtime.local_resource_url(self, "public/block.css"),
            "words": words(),
        }
        return self.rendered(context, name="editor", init="UtopSectorTextEditor")

    def all_versions(self) -> list[Version]:
        """The default, each trade of the course, then versions whose trade is not, or no longer, among them."""
        trades = self._trades()
        default = self._version("", (), trades)
        here = [self._version(slug, trades.lineages[slug], trades) for slug in trades.offered]
        left_over = [self._left_over(slug, trades) for slug in sorted(self.versions) if slug not in trades.offered]
        return [default, *here, *left_over]

    def index_dictionary(self) -> dict[str, Any]:
        """The words of all the versions: the index is one for all learners."""
        index: dict[str, Any] = super().index_dictionary()
        texts = (self.default_version, *self.versions.values())
        index["content"] = {
            "display_name": str(self.display_name),
            "html_content": " ".join(filter(None, map(searchable, texts))),
        }
        return index

    def student_view_data(self, _context: dict[str, Any] | None = None) -> dict[str, Any]:
        """All the versions: it is collected once for all learners."""
        return {
            **super().student_view_data(),
            "default": self._with_addresses(self.default_version),
            "versions": {slug: self._with_addresses(html) for slug, html in self.versions.items()},
        }

    def clean_studio_edits(self, data: dict[str, Any]) -> None:
        """An emptied version is none."""
        if isinstance(data.get("default_version"), str):
            data["default_version"] = cleaned(data["default_version"])
        if is_by_slug(data.get("versions")):
            by_slug = {slug: cleaned(html) for slug, html in data["versions"].items()}
            data["versions"] = {slug: html for slug, html in by_slug.items() if html}

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """The form sends texts; whatever else comes is refused."""
        if not isinstance(data.default_version, str) or not is_by_slug(data.versions):
            validation.add(ValidationMessage(ValidationMessage.ERROR, _("A text is expected for each trade.")))

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> "SectorTextBlock":
        """From OLX; raises ValueError rather than lose a version."""
        rest = copy.deepcopy(node)
        default, versions = olx.taken_from(rest)
        block: SectorTextBlock = super().parse_xml(rest, runtime, keys)
        if default:
            block.default_version = default
        if versions:
            block.versions = versions
        return block

    def add_xml_to_node(self, node: Any) -> None:
        """To OLX."""
        super().add_xml_to_node(node)
        for name in ("default_version", "versions"):
            node.attrib.pop(name, None)
        olx.written(node, self.default_version, self.versions)

    def _view_for(self, viewer: Viewer) -> Fragment:
        return self.author_view() if viewer.is_staff else self.learner_view(viewer.user_id)

    def _html(self, source: str) -> str:
        return str(self.versions[source] if source else self.default_version)

    def _version(self, slug: str, lineage: tuple[str, ...], trades: Trades, warning: str = "") -> Version:
        names = {"": _("Default version"), **trades.names}
        source = source_of(lineage, self.versions)
        read = self._html(source)
        word = "others" if not slug else "own" if source == slug else "falls"
        return Version(
            slug=slug,
            name=names.get(slug, slug),
            own=read if source == slug else "",
            read=read,
            state=words()[word if read else "empty"].format(name=names.get(source, source)),
            lineage=lineage,
            warning=warning,
        )

    def _left_over(self, slug: str, trades: Trades) -> Version:
        """A version of a trade that is not offered in this course: kept, and said."""
        if not trades.are_known:
            warning = _("The trades cannot be looked up just now. The text is kept.")
        elif slug in trades.names:
            warning = _("This trade is not offered in this course. The text is kept, for learners who hold it still.")
        else:
            warning = _(
                "No trade has this identifier, so nobody reads this version. The text is kept: "
                "copy it to another trade, or empty it to remove it."
            )
        return self._version(slug, trades.lineages.get(slug, (slug,)), trades, warning)

    def _lineage(self, user_id: int) -> tuple[str, ...]:
        """The learner's trade and those above it; whatever fails here must not take the text away."""
        from openedx_utop.api import sector_lineages, sector_looked_as

        try:
            context_key = self.scope_ids.usage_id.context_key
            held = sector_looked_as(user_id, context_key) if context_key.is_course else None
            return sector_lineages().get(held.slug, ()) if held else ()
        except Exception:
            logger.exception("%s is shown in its default version", self.scope_ids.usage_id)
            return ()

    def _trades(self) -> Trades:
        """Those of the course; of the operator's whole tree as long as it has no track, or is a library."""
        from openedx_utop.api import offered_sectors, sector_lineages, sectors

        context_key = self.scope_ids.usage_id.context_key
        try:
            tree = sectors()
            here = offered_sectors(context_key) if context_key.is_course else ()
            offered = here or [sector for sector in tree if sector.is_offered]
            names = {sector.slug: sector.name for sector in tree}
            return Trades([sector.slug for sector in offered], names, sector_lineages())
        except Exception:
            logger.exception("The trades of %s cannot be looked up", self.scope_ids.usage_id)
            return Trades([], {}, {}, are_known=False)

    def _with_addresses(self, html: str) -> str:
        """Addresses of files and of other blocks, where no page of the platform would replace them."""
        service = self.runtime.service(self, "replace_urls")
        return str(service.replace_urls(html)) if service and html else html


def is_by_slug(value: object) -> bool:
    """Whether it is texts by slug."""
    return isinstance(value, dict) and all(isinstance(part, str) for pair in value.items() for part in pair)


def words() -> dict[str, str]:
    """Which version a trade reads, and what the form's script may have to say."""
    return {
        "own": _("its own version"),
        "others": _("for everybody else"),
        "falls": _("reads “{name}”"),
        "empty": _("nothing to read"),
        "saving": _("Saving…"),
        "failed": _("This could not be saved. Check your connection and try again."),
    }
