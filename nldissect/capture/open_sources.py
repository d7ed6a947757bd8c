"""Opening all that a capture reads from, in each network namespace, while privileges are still there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field

from nldissect.capfile.comments import say
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
    """What was opened.

    table       frames of the generic families, each with the number of its source; `families` are their names
    places      the interfaces of the namespace of each source
    news        files with a function each, that takes in what they tell of families: see `Loop`
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
        """Comments on a file: its generic families, and the interfaces where there is one namespace."""
        families = [say("family", f"{number:#x}", name) for number, name in self.families.items()]
        return [*families, *(_interfaces(self.places[0]) if self._at_one_place() else [])]

    def learnt(self, number: int) -> list[str]:
        """Comments on a source: the interfaces of its namespace, one of several. Sources found on the way have none."""
        return [] if self._at_one_place() or number >= len(self.places) else _interfaces(self.places[number])

    def _at_one_place(self) -> bool:
        return len({id(place) for place in self.places}) == 1 and not self.everywhere

    def counts(self, number: int) -> tuple[int, int] | None:
        """Frames that a source received and dropped so far."""
        return self.sources[number].counts() if number < len(self.sources) else None


def _interfaces(place: Interfaces) -> list[str]:
    return [say("interface", index, name) for index, name in place.names().items()]


def open_sources(config: CaptureConfig, stack: ExitStack, holds: Iterable[int]) -> OpenSources:
    """Every interface and group in every namespace. `stack` closes them; devices made here go with it too."""
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
    """The device read by dumpcap, where we may not and it may."""
    if effective_capabilities() >> CAP_NET_RAW & 1 or (program := dumpcap()) is None:
        return None
    if asks:
        _add(opened, family_frames())
    return DumpcapSource(program, device.name, config.snaplen, config.buffer_mib, config.filter, place)


def _tracepoint(stack: ExitStack, holds: Iterable[int]) -> Tracepoint:
    """Its instance is removed when all is over."""
    tracepoint = Tracepoint()
    stack.enter_context(Janitor(tracepoint.remove, holds))
    return tracepoint


def _keep(opened: OpenSources, source: FrameSource, there: Interfaces, names: list[str], stack: ExitStack) -> None:
    stack.callback(source.close)
    opened.sources.append(source)
    opened.places.append(there)
    opened.names += [_at(name, source.origins[0].netns) for name in names]


def _ask(opened: OpenSources, device: Device, config: CaptureConfig) -> None:
    """Let the table of generic families be seen by the device that is about to be opened."""
    listener = join_notifications()
    if listener is not None:
        place = len(opened.sources)
        opened.news[listener.socket.fileno()] = lambda: _hear(opened, listener, place)
    asking = PcapSource(device.name, EVERYTHING, min(4, config.buffer_mib), FILTER)
    _add(opened, family_table(asking))
    asking.close()


def _hear(opened: OpenSources, listener: Netlink, place: int) -> bool:
    """Families that come and go: files begun later tell of them as well."""
    heard = news(listener)
    for number, name in heard.names.items():
        if name:
            opened.families[number] = name
        else:
            opened.families.pop(number, None)
    opened.table += [(*frame, place) for frame in heard.frames]
    return False


def _add(opened: OpenSources, families: FamilyTable) -> None:
    """The frames belong to the source that is opened next."""
    opened.table += [(*frame, len(opened.sources)) for frame in families.frames]
    opened.families |= families.names


def _listen(
    opened: OpenSources, config: CaptureConfig, place: str | None, there: Interfaces, asks: bool, stack: ExitStack
) -> None:
    """Groups; with those of generic families the table of these, if no device showed it."""
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
    """The device of that name; one that is made here, and removed by its janitor, if it is just any."""
    if name != MADE or any(device.name == MADE for device in existing()):
        return find(name)
    remove_leftovers()
    device = create()
    stack.enter_context(Janitor(device, holds))
    return device
