"""Settings and state of the viewer: what a viewer.toml may say, what is said about mistakes, what is remembered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from nldissect.errors import NldissectError
from nldissect.viewer.config import color_rules
from nldissect.viewer.config.color_rules import ColorRule, ColorRules
from nldissect.viewer.config.settings import PRESETS, Settings, config_file, load
from nldissect.viewer.config.state import LONGEST, RememberedState, state_file
from nldissect.viewer.keys import KEYS
from nldissect.viewer.model import field_columns
from nldissect.viewer.model.field_columns import ColumnSpec, column_text, read, written
from nldissect.viewer.panes.help_screen import lines_of
from nldissect.viewer.panes.theme import Theme
from tests.helpers.keyboard import Keyboard, run
from tests.helpers.message_rows import situations
from tests.helpers.pages import blocks, page


def loaded(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "viewer.toml"
    path.write_text(text)
    return load(path, themes=("dark", "light"), actions=("app.follow", "list.tree"))


def test_the_whole_file_is_understood(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        """
        theme = "light"        # a comment
        time = "delta"
        columns = ["frame.number", { field = "IFLA_MTU", title = "MTU", width = 6 }, "Summary",
                   { field = "nlmsg_flags", value = "raw" }]
        [filters]
        mtu = "IFLA_MTU"
        [[color]]
        filter = "IFLA_MTU > 9000"
        style = "bold red on white"
        [[color]]
        name = "bad"
        filter = "error"
        style = "error"
        [keys]
        app.follow = ["f", "ctrl+f"]
        "list.tree" = "t"
        """,
    )
    assert [] == found.problems
    assert ("light", "delta") == (found.theme, found.time)
    assert found.columns == (
        ColumnSpec("frame.number"), ColumnSpec("IFLA_MTU", "MTU", 6), ColumnSpec("summary"),
        ColumnSpec("nlmsg_flags", raw=True),
    )  # fmt: skip
    assert {"mtu": "IFLA_MTU"} == found.presets
    assert (
        ColorRule("IFLA_MTU > 9000", "IFLA_MTU > 9000", "bold red on white"),
        ColorRule("bad", "error", "error"),
    ) == (found.colors)
    assert {"app.follow": ("f", "ctrl+f"), "list.tree": ("t",)} == found.keys


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    found = load(tmp_path / "nothing.toml")
    assert [] == found.problems
    assert (field_columns.DEFAULT, color_rules.DEFAULT, PRESETS) == (found.columns, found.colors, found.presets)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('time = "later"', 'time: "later" is none of relative, absolute, delta, epoch'),
        ("time = 3", "time: this is text in quotes, not 3"),
        ('theme = "blue"', 'theme: "blue" is none of dark, light'),
        ('columms = ["summary"]', "columms: there is no such setting; did you mean columns?"),
        ('columns = "summary"', 'columns: this is a list of fields, like ["frame.number", "IFLA_MTU", "summary"]'),
        ('columns = ["IFLA_MTUU"]', 'columns: no field "IFLA_MTUU"; did you mean'),
        ('columns = ["IFLA_LINKINFO"]', "columns: IFLA_LINKINFO holds other fields; name one of them"),
        ('columns = [{field = "IFLA_MTU", width = -1}]', "columns: a width is a number up to 200"),
        ('columns = [{title = "x"}]', "columns: a column is a field, or { field, title, width, value }"),
        ('[[color]]\nfilter = "error"', "color: a rule has filter, style and, if you like, name"),
        ('[[color]]\nfilter = "error ="\nstyle = "red"', 'color: "error =": "=" compares nothing; write "=="'),
        ('[[color]]\nfilter = "error"\nstyle = "blau"', 'color: no style "blau"; write error, warning'),
        ('[filters]\nx = "nosuch"', 'filters: x: no field "nosuch"'),
        ("filters = 3", "filters: this is a table, a line `name = ...` for each"),
        ('[keys]\napp.folow = "f"', 'keys: no action is called "app.folow"; did you mean app.follow?'),
        ("theme = ", "is no TOML: "),
    ],
)
def test_a_mistake_is_one_line_and_leaves_the_default(tmp_path: Path, text: str, said: str) -> None:
    found = loaded(tmp_path, text)
    (problem,) = found.problems
    assert said in problem
    assert "viewer.toml" in problem and "\n" not in problem
    defaults = Settings(problems=found.problems)
    assert defaults == found


def test_one_mistake_does_not_spoil_the_rest(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'time = "later"\ntheme = "light"\n[filters]\nmtu = "IFLA_MTU"')
    assert 1 == len(found.problems)
    assert ("relative", "light", {"mtu": "IFLA_MTU"}) == (found.time, found.theme, found.presets)


def test_unreadable_files_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "viewer.toml").write_bytes(b"\xff\xfe")
    assert "it is no UTF-8 text; the defaults are used" in load(tmp_path / "viewer.toml").problems[0]
    assert "Is a directory" in load(tmp_path).problems[0]


def test_files_stand_where_the_user_keeps_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert tmp_path / "config/nldissect/viewer.toml" == config_file()
    assert tmp_path / "state/nldissect/viewer.json" == state_file()


def test_filters_are_remembered_each_once_the_latest_last(tmp_path: Path) -> None:
    path = tmp_path / "new" / "viewer.json"
    state = RememberedState(path)
    for text in ("error", "IFLA_MTU", " ", "error"):
        state.used(text)
    assert ["IFLA_MTU", "error"] == RememberedState(path).history
    for number in range(LONGEST + 5):
        state.history.append(str(number))
    state.used("last")
    assert LONGEST == len(RememberedState(path).history) and "last" == RememberedState(path).history[-1]


def test_what_was_changed_inside_holds_until_the_file_says_something_else(tmp_path: Path) -> None:
    state = RememberedState(tmp_path / "viewer.json")
    state.change(loaded(tmp_path, 'time = "delta"'), "time", "epoch")
    state.change(loaded(tmp_path, 'time = "delta"'), "columns", (ColumnSpec("IFLA_MTU", "MTU"), ColumnSpec("summary")))

    same = loaded(tmp_path, 'time = "delta"')
    RememberedState(tmp_path / "viewer.json").apply(same)
    assert ("epoch", (ColumnSpec("IFLA_MTU", "MTU"), ColumnSpec("summary"))) == (same.time, same.columns)

    other = loaded(tmp_path, 'time = "absolute"')
    RememberedState(tmp_path / "viewer.json").apply(other)
    assert ("absolute", (ColumnSpec("IFLA_MTU", "MTU"), ColumnSpec("summary"))) == (other.time, other.columns)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"history": 3, "changed": []}', '{"changed": {"time": {"file": "relative", "mine": 7}, "x": 1}}'],
)
def test_a_damaged_state_is_no_state(tmp_path: Path, text: str) -> None:
    path = tmp_path / "viewer.json"
    path.write_text(text)
    state, settings = RememberedState(path), Settings()
    state.apply(settings)
    assert ([], Settings()) == (state.history, settings)
    state.used("error")
    assert ["error"] == json.loads(path.read_text())["history"]


def test_a_state_that_cant_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    state = RememberedState(tmp_path / "file" / "viewer.json")
    state.used("error")
    assert ["error"] == state.history


def test_a_column_is_written_and_read() -> None:
    for spec in (ColumnSpec("IFLA_MTU"), ColumnSpec("IFLA_MTU", "the MTU", 6, True), ColumnSpec("summary", width=40)):
        assert spec == read(written(spec))
    assert "IFLA_MTU as the MTU width 6 raw" == written(ColumnSpec("IFLA_MTU", "the MTU", 6, True))
    for text in ("", "IFLA_MTU 6", "IFLA_MTU width x", "nosuch"):
        with pytest.raises(NldissectError):
            read(text)


def test_columns_of_fields_show_what_fields_prints() -> None:
    """ip link add link d0 name v10 type vlan id 10: the third frame of the capture."""
    one = next(one for one in situations("vlan_add.pcap") if one.number == 3)

    def text(name: str, raw: bool = False) -> str:
        return column_text(ColumnSpec(name, raw=raw), one)

    assert ("v10", "10", "") == (text("IFLA_IFNAME"), text("IFLA_VLAN_ID"), text("IFLA_MTU"))
    assert "NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE" == text("nlmsg_flags")
    assert ("1541", "16", "RTM_NEWLINK") == (
        text("nlmsg_flags", raw=True),
        text("nlmsg_type", True),
        text("nlmsg_type"),
    )
    assert ("0.000655", "3") == (text("frame.time_relative"), text("frame.number"))
    assert "1,4,3" == text("ifla_vlan_qos_mapping.from")


def test_the_default_rules_tell_what_matters() -> None:
    ready = ColorRules(map(color_rules.ready, color_rules.DEFAULT))

    def named(capture: str) -> dict[int, str]:
        found = {one.number: ready.rule(one) for one in situations(capture)}
        return {number: rule.name for number, rule in found.items() if rule is not None}

    vlan, errors = named("vlan_add.pcap"), named("errors.pcap")
    assert ("request", "acknowledged, end of a dump", "delete") == (vlan[1], vlan[4], vlan[26])
    assert 2 not in vlan
    assert "refused, failed" == errors[4]  # RTM_NEWLINK of VLAN id 5000: ERANGE
    interrupted = [
        one.number for one in situations("dump_interrupted.pcap") if ready.rule(one) == color_rules.DEFAULT[2]
    ]
    assert [8] == interrupted
    assert "notification" in named("link_notify.pcap").values()


def test_styles_of_rules_are_roles_colours_and_attributes() -> None:
    colours, none = Theme(), Theme(colours=False)
    colours.apply(dark=False, many=False)  # 16 colours on a light screen: an error is bold red
    assert ["bold red", "bold magenta", "red on white"] == [
        str(colours.style(words)) for words in ("error", "notification bold", "red on white")
    ]
    found = [str(none.style(words)) for words in ("error", "notification bold", "red on white")]
    assert ["bold", "bold", "none"] == found


def test_the_settings_of_the_page_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "viewer.toml"
    path.write_text("".join(blocks(page("viewer"), "toml")))
    found = load(path, (), [f"{key.place}.{key.name}" for key in KEYS])
    assert ([], ("x",)) == (found.problems, found.keys["app.mark"])
    assert ColumnSpec("IFLA_MTU", "MTU", 6) in found.columns and "jumbo" in found.presets


def test_settings_and_what_was_changed_inside_are_there_again(tmp_path: Path) -> None:
    """A key of the user's own, columns, a rule, a mistake that is told; and what the last run changed."""
    path, known = tmp_path / "viewer.toml", tmp_path / "viewer.json"
    path.write_text(
        """
        time = "epoch"
        columns = ["frame.number", { field = "ifi_index", title = "dev", width = 5 }, "summary"]
        keys.app.mark = "x"
        theme = "nosuch"
        filters.odd = "nosuch"
        [[color]]
        filter = "ifi_index == 2"
        style = "bold yellow"
        """
    )
    actions = [f"{key.place}.{key.name}" for key in KEYS]

    def settings() -> Settings:
        found = load(path, BUILTIN_THEMES, actions)
        RememberedState(known).apply(found)
        return found

    async def first(at: Keyboard) -> None:
        packets = at.app.packets
        assert at.app.status.note is not None
        assert "2 settings can't be used, ? lists them; the first: " in at.app.status.note[0][1]
        assert 'theme: "nosuch" is none of' in at.app.status.note[0][1]
        wrong = [line[0][1] for line in lines_of(at.app.settings, 2000) if line and line[0][0] == "error"]
        assert 'filters: odd: no field "nosuch"' in wrong[1] and 2 == len(wrong)
        assert ("e", ["No.", "dev", "Summary"]) == (at.app.clock.mode, [column.title for column in packets.columns])
        await at.until(lambda: packets.rules is not None)
        assert [("bold yellow", "2"), ("bold yellow", "    ")] == packets.line(1)[3:5]
        await at.press("m")
        assert not len(at.app.marks)
        await at.press("x")
        assert [0] == list(at.app.marks)
        assert any("x " in text for line in lines_of(at.app.settings) for _, text in line if text.startswith("  x"))
        await at.press("t")
        assert "relative" == at.app.settings.time

    async def second(at: Keyboard) -> None:
        assert "r" == at.app.clock.mode
        assert not any(segment.style and segment.style.bgcolor for segment in at.app.packets.render_line(3))
        at.app.theme = "textual-light"  # as the command palette does
        await at.until(lambda: at.app.settings.theme == "textual-light")
        assert all(segment.style and segment.style.bgcolor for segment in at.app.packets.render_line(3))

    async def third(at: Keyboard) -> None:
        assert "textual-light" == at.app.theme

    run(first, settings=settings(), state=RememberedState(known))
    run(second, settings=settings(), state=RememberedState(known))
    run(third, settings=settings(), state=RememberedState(known))
