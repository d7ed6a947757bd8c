"""A field as filters, columns and cells name it: a name resolved against the tables."""

from __future__ import annotations

from typing import NamedTuple

from nldissect.wire.kind import Kind

from ..extract.field_paths import FieldLocation
from .derived import DerivedField


class Field(NamedTuple):
    """A field by name or path.

    name       as it was written
    path       its steps, lower case
    places     all locations in the tables; none of a derived field
    derived    the derived field, if it is one
    slice      offset and length of the part of each value that counts; a value that is too short has none
    """

    name: str
    path: tuple[str, ...]
    places: tuple[FieldLocation, ...]
    derived: DerivedField | None = None
    slice: tuple[int, int] | None = None

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that its values may be read as."""
        return [self.derived.kind] if self.derived else [place.kind for place in self.places]
