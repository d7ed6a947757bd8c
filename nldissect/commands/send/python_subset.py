"""Subset of Python that `send` reads: the output of `read -T python`, and expressions that people write by hand.

Literals, lists, calls of message classes and rows, `/` between layers, `|` of constants. A text is read from its syntax
tree and never run: it can name the vocabulary of nldissect.all only, and do nothing with it but make messages.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from struct import error as StructError
from typing import Any

from scapy.packet import Packet, Padding, Raw

import nldissect.all as vocabulary
from nldissect.errors import ExpressionError, NldissectError
from nldissect.wire import AttrSet, Enum
from nldissect.wire.containers import Nests
from nldissect.wire.context import Env
from nldissect.wire.kind import Kind
from nldissect.wire.packets.attribute import Attr
from nldissect.wire.packets.layer import Layer
from nldissect.wire.packets.nlmsghdr import nlmsghdr

DEPTH = 120
"""Most levels of nesting in an expression; a message with as many nests as are opened (MAX_DEPTH) needs 60."""
LITERALS = (int, str, bytes, type(None))
READ = "an expression is read, not run: literals, lists, calls of messages and rows, / and |"
ORDERS = ("<", ">")
UNFIT = (TypeError, ValueError, OverflowError, StructError, RuntimeError, StopIteration)
"""Errors that fields raise when they are given a value of another type."""


class Expressions:
    """The values of a text's expressions, each with the node of the syntax tree that it was read from.

    genl   makes a request to a generic family, as NetlinkSocket.genl
    """

    def __init__(self, text: str, genl: Callable[..., Any]) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python counts lines
        self._lines = text.split("\n")
        self._genl = genl
        self._program = self._parsed(text)
        self._read: dict[type[ast.AST], Callable[[Any, int], Any]] = {
            ast.Constant: self._constant,
            ast.UnaryOp: self._negative,
            ast.List: lambda node, depth: [self._value(item, depth) for item in node.elts],
            ast.Tuple: lambda node, depth: tuple(self._value(item, depth) for item in node.elts),
            ast.Dict: self._mapping,
            ast.Name: self._number,
            ast.Attribute: self._number,
            ast.BinOp: self._operation,
            ast.Call: self._call,
        }

    def __iter__(self) -> Iterator[tuple[Any, ast.expr]]:
        for node in self._program.body:
            if isinstance(node, ast.ImportFrom) and node.module == vocabulary.__name__:
                continue  # its names are known anyway
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                raise self.wrong(node, "an expression can't import; it has the names of nldissect.all")
            if not isinstance(node, ast.Expr):
                raise self.wrong(node, READ)
            yield self._value(node.value, 0), node.value

    def _parsed(self, text: str) -> ast.Module:
        try:
            with warnings.catch_warnings(action="ignore"):  # of odd escapes in literals
                return ast.parse(text, "expression")
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), len(self._lines))
            at = max((error.offset or 1) - 1, 0)
            raise self._error(f"the expression is no Python: {error.msg}", line, at, at + 1) from None
        except ValueError as error:
            raise NldissectError(f"the expression is no Python: {error}") from None
        except (RecursionError, MemoryError):
            raise NldissectError("the expression is nested too deeply") from None

    def _value(self, node: ast.expr, depth: int) -> Any:
        read = self._read.get(type(node))
        if read is None:
            raise self.wrong(node, READ)
        return read(node, self._deeper(node, depth))

    def _deeper(self, node: ast.expr, depth: int) -> int:
        if depth >= DEPTH:
            raise self.wrong(node, f"the expression is nested more than {DEPTH} deep")
        return depth + 1

    def _constant(self, node: ast.Constant, _: int) -> Any:
        if not isinstance(node.value, LITERALS):
            raise self.wrong(node, READ)
        return node.value

    def _negative(self, node: ast.UnaryOp, depth: int) -> int:
        value = self._value(node.operand, depth)
        if not isinstance(node.op, ast.USub) or not isinstance(value, int):
            raise self.wrong(node, READ)
        return -value

    def _mapping(self, node: ast.Dict, depth: int) -> dict[str, Any]:
        names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        found = {}
        for name, value in zip(names, node.values, strict=True):
            if not isinstance(name, str):
                raise self.wrong(node, "the keys of a dictionary are texts")
            found[name] = self._value(value, depth)
        return found

    def _operation(self, node: ast.BinOp, depth: int) -> Any:
        left, right = self._value(node.left, depth), self._value(node.right, depth)
        if isinstance(node.op, ast.Div) and isinstance(left, Packet) and isinstance(right, (Packet, bytes, str)):
            return left / right
        if isinstance(node.op, ast.BitOr) and isinstance(left, int) and isinstance(right, int):
            return left | right
        raise self.wrong(node, READ)

    def _number(self, node: ast.expr, depth: int) -> int:
        """Return the number of a constant; ExpressionError if the name is none."""
        found = self._named(node, depth)
        if isinstance(found, int):
            return found
        raise self.wrong(node, f"{ast.unparse(node)} is no constant; write {ast.unparse(node)}(...)")

    def _named(self, node: ast.expr, depth: int) -> Any:
        """Return the object of a name of the vocabulary: a constant, a class, a row of a set, an element of a row."""
        depth = self._deeper(node, depth)
        if isinstance(node, ast.Name):
            if node.id == "genl":
                return self._genl
            if node.id in vocabulary.__all__:
                return getattr(vocabulary, node.id)
            raise self._unknown(node, node.id, [*vocabulary.__all__, "genl"])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._member(node, self._named(node.value, depth))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            owner, number = self._named(node.value, depth), node.slice.value
            if isinstance(owner, Nests) and isinstance(number, int) and 0 <= number <= owner.inner.header.mask:
                return owner[number]
        raise self.wrong(node, READ)

    def _member(self, node: ast.Attribute, owner: Any) -> Any:
        """Return a row of a set, or a constant of an enumeration."""
        wanted = Kind if _is_a(owner, AttrSet) else int if _is_a(owner, Enum) else None
        if wanted is None:
            raise self.wrong(node, READ)
        members = {key: member for key, member in vars(owner).items() if isinstance(member, wanted)}
        if node.attr not in members:
            raise self._unknown(node, ast.unparse(node), [f"{owner.__name__}.{key}" for key in members])
        return members[node.attr]

    def _call(self, node: ast.Call, depth: int) -> Any:
        made = self._named(node.func, depth)
        given = [self._value(one, depth) for one in node.args]
        fields: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.wrong(keyword.value, READ)
            fields[keyword.arg] = self._value(keyword.value, depth)
        self._check(node, made, given, fields)
        try:
            return made(*given, **fields)
        except NldissectError as error:
            raise self.wrong(node, str(error)) from None
        except UNFIT as error:
            raise self.wrong(node, f"{ast.unparse(node.func)}: {unfit(error)}") from None

    def _check(self, node: ast.Call, made: Any, given: list[Any], fields: dict[str, Any]) -> None:
        """Raise ExpressionError unless the call makes a message, or part of one, from fields that it has."""
        if made is Env:
            if fields or len(given) != 1 or given[0] not in ORDERS:
                raise self.wrong(node, 'Env takes a byte order: Env("<") or Env(">")')
            return
        if made is self._genl:
            self._check_genl(node, given, fields)
            return
        layer = made.layer if isinstance(made, Kind) else made
        if not _is_a(layer, (Layer, Raw, Padding)):
            raise self.wrong(node.func, f"{ast.unparse(node.func)} makes no message; {READ}")
        self._check_fields(node, layer, fields)
        whole = isinstance(made, Kind) or not given or isinstance(given[0], (bytes, str) if layer is Raw else bytes)
        if len(given) > 1 or not whole:
            raise self.wrong(node, f"{ast.unparse(node.func)} takes its fields by name")

    def _check_fields(self, node: ast.Call, layer: Any, fields: dict[str, Any]) -> None:
        """Raise ExpressionError if a layer has no such field, or a value does not fit `_env`, `_missing` or `pad`."""
        names = [field.name for field in layer.fields_desc]
        private = ["_env", "_missing"] if _is_a(layer, Layer) else []
        padded = ["pad"] if _is_a(layer, (Attr, nlmsghdr)) else []
        for keyword in node.keywords:
            if keyword.arg not in (*names, *private, *padded):
                raise self._unknown(keyword, str(keyword.arg), names, f"{ast.unparse(node.func)}: ")
        wrong = (
            not isinstance(fields.get("_env", Env("<")), Env)
            or fields.get("_missing", 0) not in range(len(names) + 1)
            or not isinstance(fields.get("pad", b""), bytes)
            or (not private and not all(isinstance(value, (bytes, str)) for value in fields.values()))
        )
        if wrong:
            raise self.wrong(node, f"{ast.unparse(node.func)}: a value does not fit its field")

    def _check_genl(self, node: ast.Call, given: list[Any], fields: dict[str, Any]) -> None:
        names = [*(field.name for field in nlmsghdr.fields_desc), "version"]
        for keyword in node.keywords:
            if keyword.arg not in names:
                raise self._unknown(keyword, str(keyword.arg), names, "genl: ")
        kinds: tuple[Any, ...] = (str, (str, int), (list, tuple, Packet))
        fits = all(isinstance(value, kind) for value, kind in zip(given, kinds, strict=False))
        if not 2 <= len(given) <= 3 or not fits:
            raise self.wrong(node, 'genl takes a family, a command and attributes: genl("nlctrl", "GETFAMILY", [...])')

    def _unknown(self, node: ast.expr | ast.keyword, name: str, known: Iterable[str], ahead: str = "") -> Exception:
        near = get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else "see `nldissect fields`"
        return self.wrong(node, f'{ahead}no name "{name}"; {hint}')

    def wrong(self, node: ast.stmt | ast.expr | ast.keyword, message: str) -> ExpressionError:
        """Return the error that marks a node of the text."""
        line = self._lines[node.lineno - 1].encode()
        stop = node.end_col_offset if node.end_lineno == node.lineno else None
        at, end = (len(line[:place].decode(errors="replace")) for place in (node.col_offset, stop))
        return self._error(message, node.lineno, at, end)

    def _error(self, message: str, line: int, at: int, end: int) -> ExpressionError:
        where = f" (line {line})" if len(self._lines) > 1 else ""
        return ExpressionError(message + where, self._lines[line - 1], at, end)


def unfit(error: Exception) -> str:
    """Return the text of an error that is one of UNFIT."""
    return f"a value does not fit its field ({error or type(error).__name__})"


def _is_a(value: Any, base: Any) -> bool:
    return isinstance(value, type) and issubclass(value, base)
