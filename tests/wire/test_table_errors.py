"""Mistakes in a family's table: they show when it is imported, and say what to write instead."""

import re
import subprocess
import sys

import pytest

BEGIN = """
from nldissect.wire import *
class COLOUR(Enum):
    RED = 1
class point(Message):
    fields_desc = [U32.of("x")]
class INNER(AttrSet):
    X = U32(1)
"""

ROWS = {
    "NAME = Text()": "G.NAME has no number: write Text(NUMBER, ...)",
    "NAME = U32": "G.NAME has no number: write U32(NUMBER, ...)",
    "NAME = 4": "G.NAME is 4, not a row: write a kind with its number, like U32(1)",
    "NAME = Text(1); MTU = U32(1)": "G: number 1 is G_NAME and MTU",
    "NAME = U8('1')": "G.NAME: '1' is no number of an attribute",
    "NAME = U8(-1)": "G.NAME: -1 is no number of an attribute",
    "NAME = U8(1, {1: 'RED'})": "U8: names of values are an Enum or Flags class, {1: 'RED'} is none",
    "NAME = U8(1, INNER)": "U8: names of values are an Enum or Flags class, <class '__main__.INNER'> is none",
    "PORT = Nest(1, point)": "Nest: <class '__main__.point'> is no set of attributes; Struct holds a struct",
    "PORT = Struct(1, INNER)": "Struct: <class '__main__.INNER'> is no struct, which is a Message class; Nest holds a "
    "set",
    "LIST = Array(1, point)": "Array: <class '__main__.point'> is no number of fixed size",
    "LIST = Array(1, Text)": "is no number of fixed size, like U32; Structs holds structs, Texts texts",
    "B = INNER.X": "G.B is a row of INNER already",
    "B = Blob(1)": "Blob 1 gives no reason for being opaque",
    "summary = '{G_NAME}'": "G.summary: the line of a set is called template",
}

STATEMENTS = {
    "class INNER(AttrSet): A = U32(1)": "two attribute sets are called INNER, in __main__ and __main__; call one "
    'otherwise and give it prefix="INNER"',
    "class s(Message): fields_desc = [U32('x')]": 'is no field; write a kind as U32.of("NAME")',
    "class s(Message): fields_desc = [U32.of('from')]": 'no field can be called "from" in Python; write "from_"',
    "class s(Message): fields_desc = [U32.of('name')]": 's.name: Scapy needs the name itself; write "name_"',
    "class s(Message): fields_desc = [U32.of('x')]; summary = '[{x}'": "s: [ and ] do not come in pairs in the "
    "template '[{x}'",
    "class s(Message): fields_desc = [U32.of('x')]; summary = '{x'": "s: { and } do not come in pairs",
    "class inner(Message): fields_desc = [U32.of('x')]\n"
    "class ROWS(AttrSet): A = Struct(1, inner)\n"
    "class s(Message): fields_desc = [U32.of('x'), Attrs('attrs', ROWS)]; summary = '{x}'": "s: x in its summary may "
    "be s.x and ROWS_A.x; say which, {ROWS_A.x}",
    "class inner(Message): fields_desc = [U32.of('version')]\n"
    "class ROWS(AttrSet): A = Struct(1, inner); template = '{version}'\n"
    "bind_genl(ROWS, 'g', GET=1)": "version in its summary may be genlmsghdr.version and ROWS_A.version; say which",
    "INNER.template = '{INNER_X}]'; bind_genl(INNER, 'g', GET=1)": "INNER: [ and ] do not come in pairs",
    "bind_genl(INNER, 'g')": "INNER of g is bound to no number; name them, like FOO_CMD_GET=1",
    "bind_genl('g', INNER, GET=1)": "'g' is no message; a Message class is bound",
    "bind_genl(COLOUR, 'g', GET=1)": "is no message; a Message class is bound",
    "bind_genl(INNER, 'g', GET='1')": "INNER of g: GET='1' is no number",
    "bind_genl(INNER, 'g', GET=1, to='usr')": "INNER of g: to='usr' is none of kernel, user, reply, notification",
    "bind_genl(INNER, 'g', GET=1, SET=1)": "SET = 1 is bound twice: GET has that number too",
    "bind_message(point, 25)": "point of 25 is bound to no number",
    "bind_message(INNER, 25, HELLO=17)": 'a set is no message; write a Message class with Attrs("attrs", INNER)',
    "class G(AttrSet): KIND = Text(1); DATA = Nest(2)\nbind_attrs(G.DATA, INNER, KINDD='x')": "G_DATA: G has no row "
    "KINDD; those of an enclosing set are written in full",
    "bind_attrs('DATA', INNER, KIND='x')": "bind_attrs: 'DATA' is no row of a set; write SET.ROW",
    "class G(AttrSet): PORT = Nest(1, 'G_PRT')\nG.PORT.inner": "G_PORT: no attribute set is called G_PRT",
}


CASES = {f"class G(AttrSet):\n    {row}": said for row, said in ROWS.items()} | STATEMENTS


@pytest.fixture(scope="module")
def answers() -> list[str]:
    """What each of the tables raises, all tried in one other process, which sees the names of none before it."""
    program = f"""
import os
from nldissect import errors
begin, cases = {BEGIN!r}, {list(CASES)!r}
exec(begin)
for case in cases:
    child = os.fork()
    if not child:
        try:
            exec(case)
        except errors.TableError as error:
            print(error, flush=True)
        else:
            print("nothing", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout.splitlines()


@pytest.mark.parametrize(("at", "table", "said"), [(at, *case) for at, case in enumerate(CASES.items())])
def test_a_mistake_in_a_table_is_refused_in_words(answers: list[str], at: int, table: str, said: str) -> None:
    assert len(answers) == len(CASES)
    assert re.search(re.escape(said), answers[at]), answers[at]
