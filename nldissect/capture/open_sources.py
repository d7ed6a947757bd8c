"""Opening of all sources of a capture, in each network namespace, before privileges are dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from nldissect.capfile.comments import format_comment
from nldissect.errors import CaptureError
from nldissect.uapi import NETLINK_GENERIC

from .config import MADE, CaptureConfig
from .dumpcap import DumpcapSource, dumpcap
from .extack.join import ExtackSource
from .extack.tracepoint import Tracepoint
from .genl_families import FILTER, NOTIFY, FamilyTable, family_frames, family_table, join_notifications, news
from .group_source import GroupSpec, open_groups
from .host_checks import CAP_NET_RAW, effective_capabilities
from .interfaces import Interfaces
from .janitor import Janitor
from .nlmon_device import Device, create, existing, find, remove_leftovers
from .privileges import network
from .raw_netlink import Netlink
from .source import EVERYTHING, FrameSource, PcapSource

FEW = 3  # groups that are named one by one


@dataclass
class OpenSources:
    """The opened sources of a capture.

    table       frames of the generic families, each with the number of its source; `families` are their names
    places      the interfaces of the namespace of each source
    news        files with a function each, that reads news of families from the file: see `Loop`
    refused     names of groups that this user may not listen to
    everywhere  messages of further namespaces may come
    """

    sources: list[FrameSource] = field(default_factory=list)
    places: list[Interfaces] = field(default_factory=list)
    table: list[tuple[int, int, bytes, int]] = field(default_factory=list)
    families: dict[int, str] = field(default_factory=dict)
    news: dict[int, Callable[[], bool]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    everywhere: bool = False

    def said(self) -> list[str]:
        """Return the comments on a file: its generic families, and the interfaces if there is only one namespace."""
        families = [format_comment("family", f"{number:#x}", name) for number, name in self.families.items()]
        return [*families, *(_interfaces(self.places[0]) if self._at_one_place() else [])]

    def learnt(self, number: int) -> list[str]:
        """Return the comments on a source: the interfaces of its namespace, if there are several namespaces.

        Sources found while capturing have none.
        """
        return [] if self._at_one_place() or number >= len(self.places) else _interfaces(self.places[number])

    def _at_one_place(self) -> bool:
        return len({id(place) for place in self.places}) == 1 and not self.everywhere

    def counts(self, number: int) -> tuple[int, int] | None:
        """Return the frames that a source received and dropped so far."""
        return self.sources[number].counts() if number < len(self.sources) else None


def _interfaces(place: Interfaces) -> list[str]:
    return [format_comment("interface", index, name) for index, name in place.names().items()]


def open_sources(config: CaptureConfig, stack: ExitStack, holds: Iterable[int]) -> OpenSources:
    """Open every interface and group in every namespace. `stack` closes them, and removes devices made here."""
    if config.extack and not config.interfaces:
        raise CaptureError("--extack is about refusals, which no group shows; add -i nlmon, or leave it out")
    opened = OpenSources(everywhere=config.all_nsid)
    places = config.netns or (None,)
    devices: list[list[Device]] = []
    for place in places:  # before anything is captured: all this is our own traffic
        with network(place):
            devices.append([_device(name, stack, holds) for name in config.interfaces])
    tracepoint = _tracepoint(stack, holds) if config.extack else None  # no child may inherit a ring: open those later
    for place, here in zip(places, devices, strict=True):
        with network(place):
            there = Interfaces()
            asks = config.ask_families
            for device in here:
                source: FrameSource | None = _read_by_another(opened, device, config, place, asks)
                if source is None:
                    if asks:
                        _ask(opened, device, config)
                    source = PcapSource(device.name, config.snaplen, config.buffer_mib, config.filter, place)
                asks = False
                if tracepoint is not None and not opened.sources:
                    source = ExtackSource(source, tracepoint)
                _keep(opened, source, there, [device.name], stack)
            _listen(opened, config, place, there, asks, stack)
    return opened


def _read_by_another(
    opened: OpenSources, device: Device, config: CaptureConfig, place: str | None, asks: bool
) -> DumpcapSource | None:
    """Return the device read by dumpcap, if this process may not read it and dumpcap may; else None."""
    if effective_capabilities() >> CAP_NET_RAW & 1 or (program := dumpcap()) is None:
        return None
    if asks:
        _add(opened, family_frames())
    return DumpcapSource(program, device.name, config.snaplen, config.buffer_mib, config.filter, place)


def _tracepoint(stack: ExitStack, holds: Iterable[int]) -> Tracepoint:
    """Return the tracepoint; its instance is removed at the end."""
    tracepoint = Tracepoint()
    stack.enter_context(Janitor(tracepoint.remove, holds))
    return tracepoint


def _keep(opened: OpenSources, source: FrameSource, there: Interfaces, names: list[str], stack: ExitStack) -> None:
    stack.callback(source.close)
    opened.sources.append(source)
    opened.places.append(there)
    opened.names += [_at(name, source.origins[0].netns) for name in names]


def _ask(opened: OpenSources, device: Device, config: CaptureConfig) -> None:
    """Request the table of generic families so that the device about to be opened sees it."""
    listener = join_notifications()
    if listener is not None:
        place = len(opened.sources)
        opened.news[listener.socket.fileno()] = lambda: _hear(opened, listener, place)
    asking = PcapSource(device.name, EVERYTHING, min(4, config.buffer_mib), FILTER)
    _add(opened, family_table(asking))
    asking.close()


def _hear(opened: OpenSources, listener: Netlink, place: int) -> bool:
    """Read news of families, so that files begun later have them as well; return False, as it ends nothing."""
    heard = news(listener)
    for number, name in heard.names.items():
        if name:
            opened.families[number] = name
        else:
            opened.families.pop(number, None)
    opened.table += [(*frame, place) for frame in heard.frames]
    return False


def _add(opened: OpenSources, families: FamilyTable) -> None:
    """Add families whose frames belong to the source that is opened next."""
    opened.table += [(*frame, len(opened.sources)) for frame in families.frames]
    opened.families |= families.names


def _listen(
    opened: OpenSources, config: CaptureConfig, place: str | None, there: Interfaces, asks: bool, stack: ExitStack
) -> None:
    """Open groups; with those of generic families also the family table, if no device saw it."""
    groups = [GroupSpec(*group) for group in config.groups]
    asks = asks and any(group.protocol == NETLINK_GENERIC for group in groups)
    known = {group[:2] for group in groups}
    adds = asks and (NETLINK_GENERIC, NOTIFY) not in known
    news = [GroupSpec(NETLINK_GENERIC, NOTIFY, "generic/nlctrl/notify", False)] if adds else []
    sources, refused = open_groups(
        [*groups, *news], config.snaplen, config.buffer_mib, config.frames_filter, place, config.all_nsid
    )
    for source in sources:
        if asks and source.protocol == NETLINK_GENERIC:
            _add(opened, family_frames())
        names = [group.name for group in source.joined if group not in news]
        word = source.origins[0].name
        shown = names if len(names) <= FEW else [f"{word} ({len(names)} groups)"]
        _keep(opened, source, there, shown, stack)
    opened.refused += [_at(name, place) for name in refused]


def _at(name: str, place: str | None) -> str:
    return name if place is None else f"{name} in {place}"


def _device(name: str, stack: ExitStack, holds: Iterable[int]) -> Device:
    """Return the device of a name; for the name "nlmon" without such a device, make one that a janitor removes."""
    if name != MADE or any(device.name == MADE for device in existing()):
        return find(name)
    remove_leftovers()
    device = create()
    stack.enter_context(Janitor(device, holds))
    return device
